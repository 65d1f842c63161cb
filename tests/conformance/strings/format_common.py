# The formats that most programs use, in all combinations: alignment, zeros and width of integers and text, `%d` and `%s`.
from itertools import product

NUMBERS = [0, 7, -7, 10, 42, 99, 100, -100, 12345, 2**31, -(2**60), 2**61, 2**64, -(10**25), True]
TEXTS = ["", "a", "ab", "abcdefgh", "é", "x€y", "\U0001f600"]
ALIGNS = ["", "<", ">", "^", "="]
ZEROS = ["", "0"]
WIDTHS = ["", "1", "2", "5", "6", "12", "003"]
KINDS = ["", "d", "s", "x", ",", "_d"]


def attempt(value, spec):
    try:
        return format(value, spec)
    except (ValueError, OverflowError) as error:
        return f"<{error}>"


for value in NUMBERS + TEXTS:
    seen = {}
    for parts in product(ALIGNS, ZEROS, WIDTHS, KINDS):
        spec = "".join(parts)
        seen.setdefault(attempt(value, spec), []).append(spec)
    print(repr(value))
    for text, specs in seen.items():
        print("   ", repr(text), *specs)

print(f"{1:>999}" == " " * 998 + "1", f"{1:>1000}" == " " * 999 + "1", f"{-1:01000}" == "-" + "0" * 998 + "1")


class Number(int):
    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"

    def __format__(self, spec):
        return "format " + spec


class Text(str):
    def __str__(self):
        return "str"

    def __format__(self, spec):
        return "format " + spec


for value in [*NUMBERS, *TEXTS, Number(5), Text("five"), None, 1.5, (1, 2)]:
    for form in ["%s", "[%s]", "%%%s", "%r", "%5s", "%-5s|", "é%s", "%.1s"]:
        print(form % (value,), end=" ")
    print(f"{value}", f"{value!s}", f"{value!r}", f"<{value}{value}>")
for value in [*NUMBERS, Number(5), 1.9, -1.9]:
    print("%d" % value, "%i|%d" % (value, value), "%05d" % value, "%+d" % value, "é%d" % (value,), end=" ")
    print("%x" % int(value), "%.4d" % value, "%-8d|" % value)
for form, values in [
    ("%d", "x"), ("%d", None), ("%d", (1, 2)), ("%d %d", (1,)), ("%d %d", 1), ("%s", ()), ("", (1,)), ("%", 1),
    ("%s %", (1, 2)), ("%(a)d", 1), ("%z", 1), ("no", {}), ("no", "x"), ("%s", {}),
]:
    try:
        print(repr(form % values))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print("%(a)d %(b)s %(a)s%%" % {"a": 3, "b": "four"}, "%s" % {1: 2}, "%s" % [1])
print(b"%d-%s" % (5, b"six"), b"%d" % -5, b"%b" % b"x")


class Tuple(tuple):
    def __rmod__(self, other):
        return "asked the tuple first"


class Odd(str):
    def __mod__(self, other):
        return "own"


print("%d %s" % Tuple((1, 2)), Odd("%d") % 1, "%s" % Odd("odd"))
print(str(0), str(-1), str(10**18), str(-(2**60)), str(2**62), str(99), str(100), str(-10))
print([str(10**k) == "1" + "0" * k and str(10**k - 1) == "9" * k for k in range(1, 25)].count(True))
