# Subclasses of int, float, str, tuple, dict, list, set, Exception.
class Int(int):
    def __add__(self, o):
        return Int(int(self) + o + 100)

    def __repr__(self):
        return f"Int({int(self)})"


class Flt(float):
    unit = "m"


class Tup(tuple):
    def __new__(cls, *xs):
        return super().__new__(cls, xs)

    @property
    def first(self):
        return self[0]


class Dic(dict):
    def __getattr__(self, k):
        try:
            return self[k]
        except KeyError:
            raise AttributeError(k) from None


class Err(ValueError):
    def __init__(self, code, msg="m"):
        super().__init__(msg)
        self.code = code


class Text(str):
    def __new__(cls, s, extra):
        self = super().__new__(cls, s.upper())
        self.extra = extra
        return self


i = Int(5)
print(i + 1, i * 2, type(i * 2).__name__, i == 5, hash(i) == hash(5), [10, 20, 30, 40, 50, 60][i], {5: "five"}[i], i < 6, Int("12"), Int(), isinstance(i, int), f"{i}", str(i), "%d" % i, range(i), -i, 2 ** i, Int(2 ** 70) + 1)
i.tag = "t"
print(i.tag, Flt(2.5) + 1, Flt(1.5).unit, Flt("2"), type(Flt(1) * 2).__name__, Flt(1) == 1)
t = Tup(1, 2, 3)
print(t, t.first, t[1:], type(t[1:]).__name__, len(t), t == (1, 2, 3), t + (4,), hash(t) == hash((1, 2, 3)), [*t], Tup())
d = Dic(a=1)
d.update(b=2)
print(d, d.a, d.b, hasattr(d, "z"), len(d), d == {"a": 1, "b": 2}, {**d})
e = Err(7)
print(e, e.code, e.args, repr(e), isinstance(e, ValueError))
s = Text("abc", 9)
print(s, s.extra, s + "d", s == "ABC", s.lower(), type(s[0]).__name__, hash(s) == hash("ABC"), s in {"ABC"}, "ABC" in {s: 1})
print(sorted([Int(3), Int(1), 2]), sum([Int(1), Int(2)]), max(Int(1), 0), bool(Int(0)), bool(Tup()), int(Int(3)), type(int(Int(3))).__name__, type(Int(3) + 0).__name__, True + Int(1))
