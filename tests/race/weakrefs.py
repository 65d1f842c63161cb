# Weak references taken, called and dropped while their objects die.
import weakref

from support import hammer, rounds

n = rounds(6000)


class C:
    def __init__(self, n):
        self.n = n


slots = [C(i) for i in range(20)]
refs = [weakref.ref(c) for c in slots]
called = []


def replace():
    for i in range(n):
        k = i % 20
        slots[k] = C(k)
        refs[k] = weakref.ref(slots[k], lambda r: called.append(1))


def deref():
    for i in range(n * 3):
        c = refs[i % 20]()
        assert c is None or c.n == i % 20


def many():
    for i in range(n):
        c = slots[i % 20]
        r = weakref.ref(c)
        assert r() is c
        p = weakref.proxy(c)
        try:
            assert p.n == i % 20
        except ReferenceError:
            pass


table = weakref.WeakValueDictionary()


def values():
    for i in range(n // 4):
        c = C(i)
        table[i % 30] = c
        table.get((i + 1) % 30)
        try:
            len(list(table.values()))
        except RuntimeError:
            pass


hammer(replace, deref, many, values, values)
assert all(r() is s for r, s in zip(refs, slots))
print("ok")
