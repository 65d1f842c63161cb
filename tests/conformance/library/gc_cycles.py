# Every kind of cycle is found, whatever its links go through; finalisers run once, also after a resurrection.
import collections
import functools
import gc
import itertools
import types
import weakref


class Canary:
    pass


class Node:
    pass


class Slotted:
    __slots__ = ("link", "canary", "__weakref__")


class Dict(dict):
    pass


class List(list):
    pass


def attribute(c):
    n = Node()
    n.me, n.c = n, c


def instance_dict(c):
    n = Node()
    n.__dict__["me"], n.c = n, c


def slots(c):
    s = Slotted()
    s.link, s.canary = s, c


def in_list(c):
    l = [c]
    l.append(l)


def in_tuple(c):
    l = []
    l.append((l, c))


def in_dict(c):
    d = {"c": c}
    d["d"] = d


def dict_key(c):
    n = Node()
    n.d = {n: c}


def in_set(c):
    n = Node()
    n.s, n.c = {n}, c


def in_frozenset(c):
    n = Node()
    n.s, n.c = frozenset([n]), c


def subclasses(c):
    d, l = Dict(), List()
    d["l"], d.c = l, c
    l.append(d)


def closure(c):
    def f():
        return f, c
    f()


def default(c):
    l = []

    def f(a=l, *, b=c):
        pass
    l.append(f)


def bound_method(c):
    n = Node()
    n.c, n.f = c, types.MethodType(lambda self: 0, n)


def native_method(c):
    l = [c]
    l.append(l.append)


def generator(c):
    def g():
        mine = yield
        yield mine, c
    it = g()
    next(it)
    it.send([it])


def generator_not_started(c):
    l = []

    def g(x):
        yield l, x
    l.append(g(c))


def coroutine(c):
    l = []

    async def f():
        await l[0]
    co = f()
    l.extend([co, c])
    co.close()


def delegating(c):
    def inner(box):
        yield box

    def outer():
        box = [c]
        it = inner(box)
        box.append(it)
        yield from it
    it = outer()
    next(it).append(it)


def partial(c):
    l = [c]
    l.append(functools.partial(l.append, l))


def iterators(c):
    for make in (iter, reversed, enumerate, lambda l: map(str, l), lambda l: filter(None, l), zip,
                 itertools.chain, itertools.cycle, lambda l: itertools.islice(l, 5), itertools.count):
        l = [c]
        if make is not itertools.count:
            l.append(make(l))
        else:
            l.append(l)


def views(c):
    d = {"c": c}
    d["k"], d["v"], d["i"] = d.keys(), d.values(), iter(d.items())


def in_deque(c):
    d = collections.deque([c])
    d.append(d)


def default_dict(c):
    d = collections.defaultdict(lambda: d)
    d["c"] = c


def ordered(c):
    d = collections.OrderedDict(c=c)
    d["d"] = d


def exception(c):
    try:
        raise ValueError(c)
    except ValueError as e:
        kept = e
    kept.me = kept


def traceback(c):
    def f():
        local = c
        try:
            raise ValueError
        except ValueError as e:
            keep = e
        return 0
    f()


def cause(c):
    a, b = ValueError(c), KeyError()
    a.__cause__, b.__context__ = b, a


def weak_callback(c):
    n = Node()
    n.c = c
    n.r = weakref.ref(n, lambda r: n)


def class_and_instance(c):
    class Local:
        pass
    Local.instance = Local()
    Local.c = c


def property_of(c):
    n = Node()
    n.c = c
    n.p = property(lambda self: n)


def module(c):
    m = types.ModuleType("m")
    m.me, m.c = m, c


def namespace(c):
    n = types.SimpleNamespace(c=c)
    n.me = n


def memory_view(c):
    n = Node()
    n.v, n.c, n.me = memoryview(b"x"), c, n


def slice_of(c):
    l = [c]
    l.append(slice(l, None))


def long_chain(c):
    first = last = Node()
    for _ in range(2000):
        last.next = Node()
        last = last.next
    last.next, last.c = first, c


gc.disable()
missed = []
kinds = [f for f in list(globals().values()) if type(f) is types.FunctionType]
for make in kinds:
    gc.collect()
    canary = Canary()
    ref = weakref.ref(canary)
    make(canary)
    del canary
    found = gc.collect()
    gc.collect()
    if ref() is not None:
        missed.append(make.__name__)
assert not missed, missed

# Once, and once only: not again after a resurrection, nor when the collector finds the object in a cycle later.
log, box = [], []


class Phoenix:
    def __init__(self, name):
        self.name, self.me = name, self

    def __del__(self):
        log.append(self.name)
        box.append(self)


for round in range(3):
    for i in range(5):
        Phoenix((round, i))
    gc.collect()
    assert len(log) == 5 * (round + 1), log
    assert len(box) == 5 and all(map(gc.is_finalized, box))
    refs = [weakref.ref(p) for p in box]
    box.clear()
    gc.collect()
    gc.collect()
    assert len(log) == 5 * (round + 1) and not box, log
    assert all(r() is None for r in refs)


class Plain:
    def __del__(self):
        log.append("plain")
        box.append(self)


del log[:]
Plain()
assert log == ["plain"] and len(box) == 1
box.append(box)          # now a cycle through the list
box[0].box = box
box = []
gc.collect()
gc.collect()
assert log == ["plain"]
print("ok")
