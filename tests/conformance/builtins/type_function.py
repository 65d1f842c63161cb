# type() with one and three arguments, and what types know.
print(type(1), type("a"), type(None), type(type), type(len), type(lambda: 0), type(type(1)), type([]) is list, type(1).__name__, type(1.5).__mro__, bool.__bases__, object.__bases__, type.__mro__)
X = type("X", (), dict(a=1, f=lambda self: self.a))
Y = type("Y", (X,), {"__doc__": "Y doc", "a": 2})
print(X().f(), Y().f(), Y.__doc__, Y.__bases__, X.__module__, Y.__subclasses__(), X.__subclasses__(), X.__dict__["a"])
print(int.__doc__ is not None, type(X.f), type(X().f), type(int.__add__), type((1).__add__), type(str.join), type("".join), type(dict.__dict__["fromkeys"]), type(property()), type(range(1)), type(slice(1)), type(x for x in []), type(iter([])), type({}.keys()), type(NotImplemented), type(...), type(type.__dict__["__mro__"]))
print(str(int), repr(X), X, f"{int}", [int, str], {int: "i"}[int], int == int, int != str, hash(int) == hash(int), int in (str, int), isinstance(int, type), callable(int))
for f in (lambda: type(), lambda: type(1, 2), lambda: int.nope, lambda: type("a", (), {}).nope, lambda: int < str, lambda: int(), lambda: object(), lambda: type(1)("12"), lambda: type("Z", (bool,), {}), lambda: type("Z", (), {"__slots__": ["a"]})().b, lambda: type("A\0B", (), {})):
    try:
        print(str(f())[:7])
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
