# What a function object carries.
def f(a, b: int = 2, *c, d=4, **e) -> str:
    """Doc text."""
    local = a
    return local


print(f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__kwdefaults__, f.__dict__, f.__annotations__, callable(f), type(f).__name__)
f.note = "attribute"
f.__name__ = "renamed"
f.__defaults__ = (99,)
print(f.note, f.__dict__, f.__name__, f(1), f.__code__.co_name, f.__code__.co_varnames, f.__code__.co_flags & 12, f.__globals__ is globals(), f.__closure__)


class C:
    def method(self):
        """M."""

    class Inner:
        def deep(self):
            return lambda: 0


def outer():
    def inner():
        pass
    return inner


print(C.method.__qualname__, C.Inner.deep.__qualname__, C.Inner().deep().__qualname__, outer().__qualname__, (lambda: 0).__name__, C.method.__doc__, C().method.__func__ is C.method, C().method.__self__.__class__.__name__, len.__name__, [].append.__name__, str.upper.__name__, len.__doc__ is not None)
print(repr(f).split(" at ")[0], repr(C().method).split(" of ")[0], repr(len), repr(outer()).split(" at ")[0], repr(str.upper), repr([].append).split(" at ")[0])
c = C()
print(c.method == c.method, c.method is c.method, C.method is C.method, hash(c.method) == hash(c.method), {f: 1}[f], f == f, (lambda: 0) == (lambda: 0))
for g in (lambda: setattr(f, "__name__", 5), lambda: f.missing, lambda: setattr(len, "x", 1), lambda: setattr(c.method, "x", 1), lambda: setattr(f, "__code__", 5), lambda: f < f, lambda: f[0]):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, str(e).partition(" at ")[0], sep=": ")
del f.note
print(hasattr(f, "note"), f.__dict__)
g = f
del f
print(g(5))
