# collections.namedtuple, the everyday record.
from collections import namedtuple
Point = namedtuple("Point", "x y")
p = Point(1, y=2)
print(p, p.x, p[1], p == (1, 2), p._replace(x=5), p._asdict(), Point._fields, Point._make([3, 4]), isinstance(p, tuple))
x, y = p
print(x + y, len(p), hash(p) == hash((1, 2)), sorted([Point(2, 1), Point(1, 9)]))
D = namedtuple("D", ["a", "b"], defaults=[7])
print(D(1), D(1, 2), D._field_defaults)


class Sub(Point):
    __slots__ = ()

    def norm(self):
        return self.x ** 2 + self.y ** 2


print(Sub(3, 4).norm(), Sub(3, 4))
for f in (lambda: Point(1), lambda: Point(1, 2, 3), lambda: p.z, lambda: setattr(p, "x", 1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
