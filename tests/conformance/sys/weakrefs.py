# weakref: ref, callback, proxy, the dictionaries and sets, finalize.
import weakref


class C:
    def __init__(self, n):
        self.n = n

    def m(self):
        return "m" + str(self.n)


c = C(1)
r = weakref.ref(c)
r2 = weakref.ref(c, lambda ref: print("callback", ref() is None))
p = weakref.proxy(c)
print(r() is c, r is weakref.ref(c), r == weakref.ref(c), p.n, p.m(), weakref.getweakrefcount(c), hash(r) == hash(c), type(r).__name__)
p.n = 5
print(c.n)
del c
print(r(), r2())
try:
    p.n
except ReferenceError as e:
    print(e)
d = weakref.WeakValueDictionary()
k = weakref.WeakKeyDictionary()
s = weakref.WeakSet()
x, y = C("x"), C("y")
d["x"], d["y"] = x, y
k[x], k[y] = 1, 2
s.add(x)
s.add(y)
print(len(d), len(k), len(s), sorted(d), d["x"].n, k[y], x in s)
del x
print(len(d), len(k), len(s), "x" in d, list(d), list(k.values()))
f = weakref.finalize(y, print, "finalized", "y")
print(f.alive)
del y
print(f.alive, len(d), len(k), len(s))
z = C("z")
wm = weakref.WeakMethod(z.m)
print(wm()())
del z
print(wm())
for bad in (5, "a", [], (), None):
    try:
        weakref.ref(bad)
        print("no error")
    except TypeError as e:
        print(e)


class Slots:
    __slots__ = ()


class WeakSlots:
    __slots__ = ("__weakref__",)


try:
    weakref.ref(Slots())
except TypeError as e:
    print(e)
w = WeakSlots()
print(weakref.ref(w)() is w, weakref.ref(C)() is C, weakref.ref(print) and "function ok", weakref.ref({1}) and "set ok")


def generator():
    yield


g = generator()
gr = weakref.ref(g)
del g
print(gr())
order = []
o = C("o")
refs = [weakref.ref(o, lambda _, i=i: order.append(i)) for i in range(3)]
del o
print(order)
