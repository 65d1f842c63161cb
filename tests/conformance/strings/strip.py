# strip, lstrip, rstrip, removeprefix, removesuffix.
s = "  \t text \n"
print([s.strip(), s.lstrip(), s.rstrip(), "xxaxx".strip("x"), "xyaxy".lstrip("yx"), "abc".rstrip("cb"), "abc".strip(""), "\u3000a\u3000".strip(), "a".strip(None)])
print(["prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"), "abc".removeprefix("x"), "abc".removesuffix(""), "aaa".removeprefix("a")])
for f in (lambda: "a".strip(1), lambda: "a".strip("a", "b"), lambda: "a".removeprefix(1)):
    try:
        print(f())
    except TypeError as e:
        print(e)
