# float() from text and numbers.
for text in ("1", "1.5", "-1.5e3", "1E5", ".5", "5.", " 2.5\n", "1_000.5", "inf", "-Infinity", "nan", "+NaN", "1e400", "1e-400", "0x10p0"[2:4]):
    print(repr(text), float(text))
print(float(), float(7), float(True), float(2 ** 70), float(b"2.5"))


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error(lambda: float(""))
error(lambda: float("abc"))
error(lambda: float("1.2.3"))
error(lambda: float("1e"))
error(lambda: float(None))
error(lambda: float([1]))
error(lambda: float(10 ** 400))
