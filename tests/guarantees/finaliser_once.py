# __del__ and weak reference callbacks run exactly once, whichever thread drops the last reference.
import gc
import weakref

from support import together

n, log = 5000, []


class C:
    def __init__(self, i):
        self.i = i

    def __del__(self):
        log.append(self.i)


objects = [C(i) for i in range(n)]
called = []
refs = [weakref.ref(o, lambda r: called.append(1)) for o in objects]


def drop():
    for i in range(n):
        objects[i] = None


def look():
    for r in refs:
        o = r()
        assert o is None or isinstance(o, C)


together(drop, drop, look, look)
gc.collect()
assert sorted(log) == list(range(n)), len(log)
assert len(called) == n and all(r() is None for r in refs)
print("ok")
