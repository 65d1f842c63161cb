# A class body is code: loops, conditions, nested classes, deletions, locals.
class C:
    for i in range(3):
        locals()[f"attr{i}"] = i * 10
    if True:
        flag = "set"
    else:
        other = "not"
    squares = [x * x for x in range(4)]
    lookup = {n: n for n in ("a", "b")}
    temp = 5
    doubled = temp * 2
    del temp

    def method(self):
        return self.flag

    alias = method
    table = {"m": method}

    class Nested:
        value = 1

        def get(self):
            return type(self).__qualname__

    try:
        1 / 0
    except ZeroDivisionError as e:
        caught = str(e)
    name = __qualname__
    print("body runs", __name__, sorted(k for k in dir() if not k.startswith("_"))[:3])


c = C()
print(C.attr0, C.attr2, C.i, C.flag, hasattr(C, "other"), C.squares, C.doubled, hasattr(C, "temp"), c.alias(), C.table["m"](c), C.Nested().get(), C.caught, C.name, hasattr(C, "e"))


def make(base, value):
    class Made(base):
        v = value

        def get(self):
            return value, self.v
    return Made


print(make(C, 5)().get(), make(object, 6).__qualname__, make(C, 1).__bases__[0] is C)


class Private:
    __hidden = 1

    def __init__(self):
        self.__own = 2

    def get(self):
        return self.__hidden, self.__own, self.__dict__


class SubPrivate(Private):
    def __init__(self):
        super().__init__()
        self.__own = 3


print(Private().get(), SubPrivate().get(), hasattr(Private, "__hidden"), Private._Private__hidden, [n for n in vars(Private) if "hidden" in n])
X = type("X", (C,), {"z": 1, "f": lambda self: self.z})
print(X().f(), X.__name__, X().flag, type("Y", (), {})().__class__)


class Doc:
    "docstring"
    x: int = 1
    y: str


print(Doc.__doc__, C.__doc__, Doc.x, hasattr(Doc, "y"))
