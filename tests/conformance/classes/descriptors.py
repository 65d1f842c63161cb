# Data and non-data descriptors, lookup order, __set_name__.
class Data:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)
        self.name = "_" + name

    def __get__(self, obj, owner=None):
        return self if obj is None else ("get", obj.__dict__.get(self.name), owner.__name__)

    def __set__(self, obj, value):
        print("set", value)
        obj.__dict__[self.name] = value

    def __delete__(self, obj):
        print("delete")
        del obj.__dict__[self.name]


class NonData:
    def __get__(self, obj, owner=None):
        return "non-data"


class C:
    d = Data()
    n = NonData()
    plain = 1


c = C()
c.d = 5
c.__dict__["d"] = "hidden"
c.__dict__["n"] = "shadows"
print(c.d, c.n, C.n, type(C.d).__name__, sorted(c.__dict__))
del c.d
print(c.d)


class ReadOnly:
    def __get__(self, obj, owner):
        return 42

    def __set__(self, obj, value):
        raise AttributeError("read only")


class R:
    x = ReadOnly()


try:
    R().x = 1
except AttributeError as e:
    print(e, R().x)
R.x = "replaced"
print(R().x)


class Method:
    def __init__(self, f):
        self.f = f

    def __get__(self, obj, owner):
        return lambda *a: self.f(obj, *a)


class UsesMethod:
    @Method
    def double(self, x):
        return x * 2


print(UsesMethod().double(4))


class OnlySet:
    def __set__(self, obj, value):
        obj.__dict__["o"] = value * 2


class O:
    o = OnlySet()


o = O()
print(type(o.o).__name__)
o.o = 4
print(o.o)
try:
    del o.o
except AttributeError as e:
    print(e)
def func(self):
    return "bound to " + str(self)
print(func.__get__(5)(), func.__get__(None, int) is func, C.__dict__["n"].__get__(None, C), int.__add__.__get__(3)(4))
