# str.format and format_map.
print("{} {}".format(1, "a"), "{1} {0} {1}".format("x", "y"), "{a} {b[0]} {c.real}".format(a=1, b=[2], c=3), "{0[key]} {0[1]}".format({"key": "v", 1: "one"}), "{{}} {}".format(5), "{!r} {!s} {!a}".format("q", "q", "é"), "{:>5}|{:<5}|{:^5}".format(1, 2, 3))
print("{:{}}".format(42, 6), "{:{w}.{p}f}".format(3.14159, w=8, p=2), "{0:{1}{2}}".format("x", ">", 4), "{:,}".format(10 ** 9), "{x!r:>6}".format(x="a"), "{0.__class__.__name__}".format(5), "{:}".format(1), "".format(), "{}".format(None))
print("{a}-{b}".format_map({"a": 1, "b": 2}), "{0}{0}".format("ab"))


class Money:
    def __init__(self, n):
        self.n = n

    def __format__(self, spec):
        return f"<{self.n}:{spec}>"

    def __str__(self):
        return "money"


print("{} {:x.y} {!s}".format(Money(1), Money(2), Money(3)), f"{Money(4):{'a' + 'b'}}", format(Money(5)))
for f in (lambda: "{} {}".format(1), lambda: "{x}".format(), lambda: "{0} {}".format(1, 2), lambda: "{".format(), lambda: "}".format(), lambda: "{!x}".format(1), lambda: "{0.y}".format(1), lambda: "{0[a]}".format([1]), lambda: "{:d}".format("a"), lambda: "{a.b.c}".format(a=1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
