# repr chooses quotes and escapes what does not print.
for s in ("plain", "it's", 'say "x"', "both ' and \"", "\t\n\r\\", "\0\x07\x1b\x7f", "\x80\x9f\xa0\xad", "\u00e9\u4e2d\u20ac", "\u2028\u200b\ufeff", "\U0001F600", "\ud800", "\U000E0001", ""):
    print(repr(s).encode("utf-8", "backslashreplace").decode(), ascii(s), len(s))
print([("a", "b'c")], {"k": "v\n"}, f"{'x'!r} {'é'!a}")
print("é中😀 plain", str("é"), "%r %a" % ("é", "é"))
