# getattr, setattr, hasattr, delattr, vars, dir, callable.
class C:
    x = 1

    def __init__(self):
        self.y = 2

    def m(self):
        pass


c = C()
print(getattr(c, "x"), getattr(c, "z", 9), hasattr(c, "y"), hasattr(c, "q"), setattr(c, "w", 3), c.w, delattr(c, "w"), hasattr(c, "w"), vars(c), sorted(k for k in vars(C) if not k.startswith("__")))
print([n for n in dir(c) if not n.startswith("_")], callable(c), callable(C), callable(c.m), callable(len), callable(5), callable(lambda: 0), "__init__" in dir(C), dir(5)[:2], isinstance(dir(), list))


def locals_of(a, b=2):
    d = 3
    before = sorted(locals())
    e = 4
    return before, locals()["e"], sorted(vars()), sorted(dir())


print(locals_of(1), "c" in globals(), globals()["c"] is c, globals() is vars(), locals() is globals())
globals()["injected"] = "yes"
print(injected)
for f in (lambda: getattr(c, "q"), lambda: getattr(c, 5), lambda: setattr(c, 5, 1), lambda: delattr(c, "q"), lambda: vars(5), lambda: getattr(c), lambda: hasattr(c, 5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
