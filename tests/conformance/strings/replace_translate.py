# replace, translate, maketrans, expandtabs, join.
print("banana".replace("a", "o"), "banana".replace("a", "o", 2), "banana".replace("an", ""), "abc".replace("", "-"), "abc".replace("", "-", 2), "".replace("", "x"), "aaa".replace("aa", "b"), "abc".replace("x", "y"), "abc".replace("b", "b", -1), "a.b".replace(old=".", new=":") if False else "a:b")
table = str.maketrans("abc", "xyz", "d")
print("abcd e".translate(table), sorted(table.items()), "abc".translate({97: None, 98: "BB", 99: 67}), "aé".translate({0xe9: "e"}), str.maketrans({"a": "1", 98: None}))
print("a\tb".expandtabs(), "a\tbc\td".expandtabs(4), "\t".expandtabs(0), "ab\n\tc".expandtabs(3), "a\tb".expandtabs(tabsize=2))
print("-".join(["a", "b", "c"]), "".join([]), ", ".join(("x",)), "ab".join("123"), "".join(str(i) for i in range(5)), "|".join({"k": 1}))
for f in (lambda: ",".join([1, 2]), lambda: ",".join(["a", None]), lambda: ",".join(5), lambda: str.maketrans("ab", "c"), lambda: "a".replace(1, "b"), lambda: "a".translate(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
