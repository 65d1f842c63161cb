# by hand: in 3.14 annotations are evaluated when they are asked for.
x: int = 5
y: str
(z): float = 1.5


class C:
    a: int
    b: str = "s"
    c: "text"
    later: Later
    d: list[int] = []

    def method(self, p: int, q: "str" = "q", *args: tuple, k: dict = None, **kw: C) -> "C":
        v: int = 3
        w: undefined_name
        return v


class Later:
    pass


print(C.__annotations__ == {"a": int, "b": str, "c": "text", "later": Later, "d": list[int]}, list(C.__annotations__))
print(C.method.__annotations__["kw"] is C, C.method.__annotations__["return"], list(C.method.__annotations__))
print(C().method(1), x, z, "y" in globals(), hasattr(C, "a"), C.b)


def broken(p: missing_name) -> int:
    return p


print(broken(7))
try:
    broken.__annotations__
except NameError as e:
    print(e)


def plain(a, b):
    pass


print(plain.__annotations__)
plain.__annotations__["a"] = int
print(plain.__annotations__)
box = [0]
box[0]: int = 9
C.attr: int = 3
print(box, C.attr, list[int], dict[str, int], int | None, list[int].__origin__, tuple[int, ...])
