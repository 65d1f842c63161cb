# Case conversion, simple and special.
for s in ("hello World", "ABC", "abc1", "", "\u00df", "\u00c9cole", "\u01c5", "\u0130", "o'neil's x-ray", "\u03a3\u0391\u03a3", "\ufb01x"):
    print(repr(s), s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold())
print("\u00df".casefold() == "ss", "STRASSE".lower().upper(), "a1b2".title(), "they're bill's".title())
