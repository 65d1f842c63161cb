# Classes are made, shared, changed and dropped by several threads while the collector runs.
import gc
import weakref

from support import hammer, rounds

n = rounds(1500)
shared = [None] * 8
refs = []


class Base:
    tag = 0

    def who(self):
        return self.tag


def maker(k):
    for i in range(n):
        class C(Base):
            def __init__(self):
                self.me = self

            def f(self):
                return i

        C.one = C()
        assert C.one.f() == i
        shared[(i + k) % 8] = C
        if i % 16 == 0:
            refs.append(weakref.ref(C))


def user():
    for i in range(n * 4):
        cls = shared[i % 8]
        if cls is not None:
            one = cls()
            assert type(one.f()) is int and type(one.who()) is int
            assert cls.__mro__ == (cls, Base, object)


def changer():
    for i in range(n):
        Base.tag = i
        assert all(issubclass(c, Base) for c in Base.__subclasses__())


def collector():
    for i in range(n // 50):
        gc.collect()


hammer(lambda: maker(0), lambda: maker(3), user, user, changer, collector)
shared[:] = [None] * 8
gc.collect()
gc.collect()
assert refs and all(r() is None for r in refs)
assert Base.__subclasses__() == []
print("ok")
