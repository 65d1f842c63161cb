# What a class gets from native bases that stand behind others; layouts of several bases with slots.
class Mixin:
    __slots__ = ()
    __iter__ = None


class Base:
    def __init__(self, x, *, y=0):
        self.x, self.y = x, y

    def __repr__(self):
        return f"{type(self).__name__}({self.x}, {self.y})"


class Both(Mixin, Base):
    pass


print(Both(1, y=2))


class Quiet(dict):
    pass


class Loud(dict):
    def __getitem__(self, key):
        return "loud", super().__getitem__(key)

    def __len__(self):
        return 100


class Mixed(Quiet, Loud):
    pass


print(Mixed(a=1)["a"], len(Mixed()), Mixed(a=1), Mixed.__mro__[1:3] == (Quiet, Loud))


class A:
    __slots__ = ("x",)


class B:
    __slots__ = ("y",)


class C(A):
    __slots__ = ()


class D(A):
    __slots__ = ("z",)


for bases in ((C, D), (D, C), (C, A), (A, B), (C, B), (C, int), (int, str), (int, A), (list, dict), (int, Exception), (Mixin, int), (Mixin, A, Base)):
    try:
        made = type("Made", bases, {})
        print([base.__name__ for base in bases], made.__base__.__name__)
    except TypeError as e:
        print([base.__name__ for base in bases], e)
print(type[int], type[int].__origin__)
try:
    type("Meta", (type,), {})[int]
except TypeError as e:
    print(e)


class M(type):
    def __getitem__(cls, key):
        return key


print(M("X", (), {})["key"])
for name in ("__bases__ = ()", "__bases__ = 5", "__bases__ = (5,)", "__bases__ = (Both,)"):
    try:
        exec(f"Both.{name}")
    except TypeError as e:
        print(e)
print({**Both.__dict__}.get("missing"), object.__doc__ is not None, len.__doc__ is not None)
