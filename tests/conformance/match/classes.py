# Class patterns: positional, keyword, __match_args__, built-ins.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class P3(Point):
    __match_args__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


class Plain:
    def __init__(self, v):
        self.v = v


def f(p):
    match p:
        case Point(0, 0):
            return "origin"
        case P3(x, y, z):
            return f"3d {x} {y} {z}"
        case Point(x, y=0):
            return f"on x {x}"
        case Point(x=0, y=y):
            return f"on y {y}"
        case Point(x, y) if x == y:
            return "diagonal"
        case Point() as q:
            return f"point {q.x}"
        case Plain(v=Plain(v=inner)):
            return f"nested {inner}"
        case Plain(v=v):
            return f"plain {v}"
        case int(n) | float(n):
            return f"number {n}"
        case str():
            return "str"
        case list([a, b]):
            return f"pair {a} {b}"
        case dict(d):
            return f"dict {d}"
        case bool() | None:
            return "never bool"
        case _:
            return "?"


for p in (Point(0, 0), P3(1, 2, 3), Point(5, 0), Point(0, 6), Point(2, 2), Point(1, 2), Plain(3), Plain(Plain(4)), 5, 2.5, True, "s", [1, 2], [1], {"k": 1}, None, ...):
    print(f(p))


def bad(p, which):
    match which:
        case 0:
            match p:
                case Plain(1):
                    return "no"
        case 1:
            match p:
                case Point(1, 2, 3):
                    return "no"
        case 2:
            match p:
                case Point(1, x=1):
                    return "no"
        case 3:
            cls = 5
            match p:
                case cls():
                    return "no"


for p, which in ((Plain(1), 0), (Point(1, 2), 1), (Point(1, 2), 2), (1, 3)):
    try:
        print(bad(p, which))
    except TypeError as e:
        print(e)
missing = Point(1, 2)
del missing.y
match missing:
    case Point(x, y):
        print("no")
    case Point(x):
        print("only x", x)


def evaluate(tree):
    match tree:
        case int() | float():
            return tree
        case ("+", a, b):
            return evaluate(a) + evaluate(b)
        case ("*", a, b):
            return evaluate(a) * evaluate(b)
        case ("neg", a):
            return -evaluate(a)
        case (op, *_):
            raise ValueError(f"unknown {op}")


print(evaluate(("+", 1, ("*", 2, ("neg", 3.5)))))
