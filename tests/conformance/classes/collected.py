# Classes die when nothing refers to them: with their instances, their metaclasses, their bases' lists of subclasses.
import gc
import threading
import weakref


class A:
    pass


def make(base):
    class B(base):
        __slots__ = ("x",)

    return B


# A chain, from the end; an instance keeps its class.
b = make(A)
c = make(b)
print([k.__name__ for k in A.__subclasses__()])
r = weakref.ref(c)
del c
gc.collect()
print(r(), len(b.__subclasses__()))
i = b()
del b
gc.collect()
print(len(A.__subclasses__()), type(i).__name__)
i.x = i
del i
gc.collect()
print(len(A.__subclasses__()))


# Metaclasses die with their classes.
class MM(type):
    pass


def meta():
    mm = MM("mm", (type,), {})
    m = mm("m", (type,), {})
    k = m("k", (), {"self": None})
    k.self = k()
    return weakref.ref(mm), weakref.ref(m), weakref.ref(k)


refs = meta()
gc.collect()
print([r() for r in refs])

# Callbacks, from a class in a cycle with its instances.
told = []


def cycle():
    class C:
        def __init__(self):
            self.me = self

    C.one = C()
    return weakref.ref(C, lambda r: told.append(r() is None)), weakref.ref(C.one, lambda r: told.append(r() is None))


refs = cycle()
gc.collect()
print(told)

# A finaliser brings its object back, and so the class.
saved = []


def revived():
    class R:
        def __del__(self):
            saved.append(self)

        def who(self):
            return "R"

    R.r = R()


revived()
gc.collect()
print(len(saved), type(saved[0]).__name__, saved[0].r is saved[0], saved[0].who())
r = weakref.ref(type(saved[0]))
saved.clear()
gc.collect()
gc.collect()
print(r(), len(saved))


# A metaclass with a finaliser.
class Dying(type):
    def __del__(cls):
        told.append(cls.__name__)


def dying():
    Dying("gone", (A,), {})


dying()
gc.collect()
print(told[2:], len(A.__subclasses__()))

# Made in one thread, dropped in another.
box = []


def work():
    class T:
        def f(self):
            return 7

    box.append(T)
    box.append(weakref.ref(T))


t = threading.Thread(target=work)
t.start()
t.join()
print(box[0]().f(), box[1]() is box[0])
del box[0]
gc.collect()
print(box[0]())


# Those that stay are told of changes.
class P:
    v = 1


ks = [type("K", (P,), {}) for _ in range(5)]
print([k.v for k in ks])
del ks[1:3]
gc.collect()
P.v = 2
print([k.v for k in ks], [k().v for k in ks], len(P.__subclasses__()))
ks[0].__bases__ = (A,)
print(hasattr(ks[0], "v"), len(P.__subclasses__()), len(A.__subclasses__()))

# A class whose making fails.
class Refuses:
    def __init_subclass__(cls):
        raise ValueError("no")


for _ in range(3):
    try:
        class Never(Refuses):
            pass
    except ValueError as e:
        print(e)
gc.collect()
print(len(Refuses.__subclasses__()))
