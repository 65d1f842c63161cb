# __new__, __init__, __del__ and when objects die.
class Shape:
    def __new__(cls, kind, *args):
        print("new", cls.__name__, kind)
        if kind == "circle":
            return object.__new__(Circle)
        return super().__new__(cls)

    def __init__(self, kind, *args):
        print("init", type(self).__name__, args)


class Circle(Shape):
    def __init__(self, *args):
        print("circle init", args)


Shape("square", 1)
Shape("circle", 2)


class NotInit:
    def __new__(cls):
        return 42

    def __init__(self):
        print("never")


class ReturnsValue:
    def __init__(self):
        return 5


print(NotInit())
try:
    ReturnsValue()
except TypeError as e:
    print(e)


class D:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


a = D("a")
a = None
b = D("b")
c = b
del b
print("still alive")
del c
D("temporary")
print("after temporary")


def scope():
    local = D("local")
    print("leaving")


scope()
items = [D("i1"), D("i2")]
items.pop()
print("popped")
items.clear()
x = D("rebound")
x = D("second")
print("rebinding done")
d = {"k": D("in dict")}
d["k"] = 1
t = (D("in tuple"),)
del t
e = D("attr")
e.child = D("child")
del e
print("end of module")
x = None


class Resurrect:
    saved = None

    def __del__(self):
        print("resurrecting")
        Resurrect.saved = self


r = Resurrect()
del r
print(Resurrect.saved is not None)
Resurrect.saved = None
print("done")
