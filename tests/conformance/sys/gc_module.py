# gc: cycles are collected, enable and disable, counts.
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


gc.collect()
a, b = Node("a"), Node("b")
a.other, b.other = b, a
ref = weakref.ref(a)
del a, b
print(ref() is not None)
n = gc.collect()
print(n > 0, ref())
c = Node("c")
c.me = c
d = [c]
d.append(d)
del c, d
gc.collect()
keep = Node("keep")
keep.me = keep
gc.collect()
print(keep.me.me is keep, gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled(), gc.garbage, type(gc.get_count()).__name__, len(gc.get_threshold()), gc.is_tracked([]), gc.is_tracked(5))


def closure_cycle():
    x = Node("in closure")

    def f():
        return f, x
    return None


closure_cycle()
gc.collect()


def gen():
    me = Node("in generator")
    me.gen = yield me
    yield


g = gen()
me = next(g)
g.send(g)
del g, me
gc.collect()
d = {"self": None}
d["self"] = d
e = Node("exception")
try:
    raise ValueError
except ValueError as err:
    e.err = err
    err.node = e
del e
gc.collect()
print("automatic collection:", end=" ")
seen = []


class Counted:
    def __del__(self):
        seen.append(1)


for i in range(20000):
    x = Counted()
    x.me = x
print(len(seen) > 0)
del keep.me
del keep
print("end")
