# __slots__: fixed attributes, no __dict__.
class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Q(P):
    __slots__ = ["z"]


class R(P):
    pass


class Single:
    __slots__ = "only"


class WithDict:
    __slots__ = ("a", "__dict__")


p = P(1, 2)
p.x += 10
q = Q(1, 2)
q.z = 3
r = R(1, 2)
r.other = 5
w = WithDict()
w.a, w.b = 1, 2
s = Single()
s.only = "one"
print(p.x, p.y, q.x, q.z, r.other, r.__dict__, w.a, w.b, w.__dict__, s.only, hasattr(p, "__dict__"), hasattr(r, "__dict__"), P.__slots__, type(P.x).__name__, P.x.__get__(p))
del p.x


class Default:
    __slots__ = ("v",)
    other = "class attribute"


d = Default()
print(d.other)
for g in (lambda: setattr(p, "z", 1), lambda: p.x, lambda: delattr(p, "x"), lambda: p.__dict__, lambda: setattr(d, "other", 1), lambda: d.v, lambda: setattr(q, "w", 1)):
    try:
        print(g())
    except AttributeError as e:
        print(e)
try:
    class Conflict:
        __slots__ = ("a",)
        a = 1
except ValueError as e:
    print(e)
try:
    class BadSlot:
        __slots__ = ("not valid",)
except TypeError as e:
    print(e)


class S1:
    __slots__ = ("a",)


class S2:
    __slots__ = ("b",)


try:
    type("Both", (S1, S2), {})
except TypeError as e:
    print(e)
