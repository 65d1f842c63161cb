# int() from text, with and without a base.
for text in ("0", "-0", "42", "+42", " 42 ", "\t42\n", "1_000", "-1_0", "00", "007", "9" * 30, "\u0663\u0664"):
    print(repr(text), int(text))
for text, base in (("ff", 16), ("0xff", 16), ("0XFF", 0), ("0b101", 0), ("0o17", 0), ("z", 36), ("101", 2), ("-7f", 16), ("12", 3), ("0", 0), ("1_f", 16)):
    print(repr(text), base, int(text, base))
print(int(), int(3.99), int(-3.99), int(True), int(1e20), int(b"12"), int("1" * 25, 2), int("zz", base=36))


def error(*args):
    try:
        print("no error:", int(*args))
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error("")
error("abc")
error("12a")
error("1__0")
error("_1")
error("1_")
error("0x1f")
error("08", 0)
error("9", 8)
error("1", 1)
error("1", 37)
error(1, 2)
error("1.5")
error(None)
error([])
error(float("nan"))
error(float("inf"))
