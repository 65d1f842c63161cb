# Unbound methods, interning, str subclasses, docstrings, conversions by __str__.
print(str.upper("a"), list(map(str.strip, [" a ", "b "])), "a".__add__("b"), "abc".__contains__("b"), "a".__eq__("a"), "a".__lt__(1), "abc".__len__(), "x".__class__.__name__, "abc".__getitem__(1), "a".__mul__(3), "%d".__mod__(5))


class Name(str):
    def shout(self):
        return self.upper() + "!"


n = Name("bob")
print(n, n.shout(), n + "by", type(n + "by").__name__, type(n.upper()).__name__, n == "bob", {n: 1}["bob"], isinstance(n, str), repr(n), len(n), f"{n:>5}", n[0], "".join([n, n]))
for f in (lambda: "a".foo, lambda: "abc".append("d"), lambda: "a".upper(1), lambda: str.upper(), lambda: str.upper(5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


class BadStr:
    def __str__(self):
        return 5


try:
    str(BadStr())
except TypeError as e:
    print(e)
print("".join(["a"]) == "a", hash("a") == hash("a"), hash("") == hash(""), id("x") == id("x"))
print([*"abc"], tuple("ab"), set("aab") == {"a", "b"}, dict(zip("ab", "cd")), "abc".__iter__().__next__(), list(reversed("abc")), list(enumerate("ab")))
