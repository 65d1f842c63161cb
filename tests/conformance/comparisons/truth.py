# Which values are false, and what and/or/not give.
class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Bool:
    def __init__(self, b):
        self.b = b

    def __bool__(self):
        return self.b


for v in (0, 1, -1, 0.0, -0.0, 0.1, "", " ", [], [0], (), (0,), {}, {0: 0}, set(), {0}, None, True, False, ..., range(0), range(1), b"", b"\0", 2 ** 80, float("nan")):
    print(repr(v), bool(v), not v, "yes" if v else "no")
print(bool(Len(0)), bool(Len(2)), bool(Bool(True)), bool(Bool(False)), bool(object()), bool(Len))
print(0 or "a", 1 or "a", 0 and "a", 1 and "a", "" or [] or 0, 1 and 2 and 3, None or None, not [] and 5)
print(any([]), all([]), any([0, "", 3]), all([1, "a", []]))
for bad in (Bool(1), Len(-1), Len("x"), Len(1.5)):
    try:
        print(bool(bad))
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
