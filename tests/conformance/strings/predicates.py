# The is... methods.
names = "isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper".split()
for s in ("", "abc", "ABC", "Abc Def", "abc1", "123", "\u00b2", "\u00bd", "\u0663", " \t\n", "\u3000", "a b", "_x1", "1x", "\u00e9", "\u4e2d", "class", "\x00", "Ab1", "aB", "\u01c5"):
    print(ascii(s), *[name[2:] for name in names if getattr(s, name)()])
