# Changing an object's class and a class's bases.
class A:
    def f(self):
        return "A.f"


class B:
    def f(self):
        return "B.f"

    def g(self):
        return "B.g"


x = A()
x.data = 1
x.__class__ = B
print(x.f(), x.g(), x.data, type(x).__name__, isinstance(x, A), isinstance(x, B))


class Slotted:
    __slots__ = ("a",)


class C(A):
    pass


c = C()
C.__bases__ = (B,)
print(c.f(), c.g(), [k.__name__ for k in C.__mro__])
for g in (lambda: setattr(x, "__class__", 5), lambda: setattr(x, "__class__", Slotted), lambda: setattr(5, "__class__", A), lambda: setattr(x, "__class__", int), lambda: setattr(C, "__bases__", ()), lambda: setattr(int, "x", 1), lambda: setattr(A, "__name__", 5)):
    try:
        g()
        print("no error")
    except TypeError as e:
        print(e)
A.__name__ = "Renamed"
print(A.__name__, A().f(), repr(A))
x.__dict__ = {"fresh": True}
print(x.fresh, hasattr(x, "data"))
try:
    x.__dict__ = 5
except TypeError as e:
    print(e)
del A.f
print(hasattr(A(), "f"))
A.f = lambda self: "new f"
print(A().f())
