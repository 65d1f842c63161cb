# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__.
class Fallback:
    real = 1

    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(f"no {name} here")


f = Fallback()
f.own = 2
print(f.real, f.own, f.dyn_hello, hasattr(f, "zzz"), getattr(f, "zzz", "d"), getattr(f, "dyn_x"))
try:
    f.zzz
except AttributeError as e:
    print(e)


class Every:
    def __init__(self):
        self.a = 1

    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError(name)
        if name.isupper():
            return name
        return super().__getattribute__(name)

    def __getattr__(self, name):
        return "fallback " + name

    def __setattr__(self, name, value):
        print("set", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("del", name)
        object.__delattr__(self, name)


e = Every()
e.b = 2
e.b += 1
print(e.a, e.b, e.X, e.secret, e.unknown)
del e.b
setattr(e, "c", 3)
delattr(e, "c")
print(e.__dict__)


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_t", target)

    def __getattr__(self, name):
        return getattr(self._t, name)

    def __setattr__(self, name, value):
        setattr(self._t, name, value)

    def __dir__(self):
        return ["x", "a"]


class T:
    pass


t = T()
p = Proxy(t)
p.v = 5
print(t.v, p.v, dir(p), p._t is t)
try:
    len(Proxy([1, 2]))
except TypeError as err:
    print(err)


class Broken:
    @property
    def x(self):
        raise AttributeError("from property")

    def __getattr__(self, name):
        return "getattr saved " + name


print(Broken().x)
