"""Everything at once for as long as one likes, then the count: objects made = objects freed.

    stress.py [SEED [SECONDS [THREADS]]]        (default: 1 10 4; hours are 3600 each)

Rounds of a second or so. In each, threads do random things to shared and private objects: containers, classes, closures,
generators, exceptions, weak references, finalisers, the collector, other threads. What a thread does is chosen by the seed;
how threads meet is not. Each step checks what must hold of what it finds. After a round everything is dropped and the
heap is counted by class: no class may have more objects than after the round before, once things have settled.
"""
import collections
import gc
import itertools
import random
import sys
import threading
import time
import weakref

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 1
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
THREADS = int(sys.argv[3]) if len(sys.argv) > 3 else 4


class Tally:
    """What was made and what died, counted by threads apart: `made` by their own dicts, `died` by appends."""

    def __init__(self):
        self.made = collections.deque()
        self.died = collections.deque()


class Item:
    """An object that knows its own truth: `check` says whether it is whole."""

    def __init__(self, n):
        self.n = n
        self.text = "item %d" % n
        self.pair = (n, [n, -n])
        self.link = None

    def check(self):
        assert type(self) in CLASSES and self.text == "item %d" % self.n, self.n
        assert self.pair[0] == self.n and self.pair[1] == [self.n, -self.n]


class Slotted:
    __slots__ = ("n", "text", "pair", "link", "__weakref__")
    __init__ = Item.__init__
    check = Item.check


class Mortal(Item):
    """Counted in and out; some are in cycles."""

    def __init__(self, n):
        super().__init__(n)
        tally.made.append(n)
        if n % 3 == 0:
            self.link = self

    def __del__(self):
        self.check()
        tally.died.append(self.n)


CLASSES = (Item, Slotted, Mortal)
tally = Tally()
numbers = itertools.count()


class Shared:
    """What all threads of a round know."""

    def __init__(self):
        self.list = []
        self.dict = {}
        self.set = set()
        self.deque = collections.deque(maxlen=200)
        self.refs = []
        self.box = Item(next(numbers))
        self.generators = []
        self.lock = threading.Lock()
        self.counter = 0
        self.counted = collections.deque()


def make(rng):
    return rng.choice(CLASSES)(next(numbers))


def lists(rng, s):
    s.list.append(make(rng))
    s.list.extend([make(rng), make(rng)])
    for item in s.list[:10]:
        item.check()
    if len(s.list) > 200:
        del s.list[rng.randrange(100):150]
    try:
        s.list.pop(rng.randrange(50)).check()
        s.list[rng.randrange(20)] = make(rng)
        s.list[-1].check()
    except IndexError:
        pass
    sorted(s.list, key=lambda item: item.n)
    s.list.reverse()


def dicts(rng, s):
    key = rng.randrange(100)
    s.dict[key] = make(rng)
    s.dict["k%d" % key] = s.dict.get(key)
    s.dict.setdefault((key, 1), make(rng)).check()
    for item in list(s.dict.values()):
        if item is not None:
            item.check()
    s.dict.pop(rng.randrange(100), None)
    if rng.random() < 0.05:
        s.dict.clear()
    mine = {i: make(rng) for i in range(10)}
    mine.update(s.dict)
    for i in range(10):
        mine[i].check()


def sets(rng, s):
    s.set.add(rng.randrange(200))
    s.set.discard(rng.randrange(200))
    assert all(0 <= n < 200 for n in s.set.copy())
    frozenset(s.set) | {1, 2}
    if rng.random() < 0.02:
        s.set = {make(rng).n % 200 for _ in range(10)}


def deques(rng, s):
    s.deque.append(make(rng))
    s.deque.appendleft(make(rng))
    try:
        s.deque.popleft().check()
        s.deque.pop().check()
    except IndexError:
        pass


def attributes(rng, s):
    old = s.box
    old.check()
    new = make(rng)
    new.link = old if old.link is None else None
    s.box = new
    if hasattr(old, "__dict__"):
        setattr(old, "extra%d" % rng.randrange(8), new.pair)
        old.__dict__.pop("extra%d" % rng.randrange(8), None)
    if rng.random() < 0.3:
        old.link = None


def closures(rng, s):
    item = make(rng)

    def inner(depth, default=item):
        nonlocal item
        if depth:
            return inner(depth - 1)
        item = default
        return lambda: item
    f = inner(rng.randrange(5))
    f().check()
    s.deque.append(item)
    s.counted.append(f)
    if len(s.counted) > 50:
        try:
            s.counted.popleft()().check()
        except IndexError:
            pass


def numbers_from(first, keep):
    try:
        for i in itertools.count(first):
            got = yield i, keep
            if got is not None:
                keep = got
    finally:
        keep.check()


def generators(rng, s):
    item = make(rng)
    it = numbers_from(item.n, item)
    first = next(it)
    assert first == (item.n, item)
    it.send(make(rng))[1].check()
    s.generators.append(it)
    try:
        other = s.generators[rng.randrange(20)]
        n, kept = next(other)
        kept.check()
        if rng.random() < 0.3:
            other.close()
    except (IndexError, StopIteration, ValueError):
        pass
    if len(s.generators) > 40:
        del s.generators[:20]
    assert sum(x for x in (y * y for y in range(20))) == 2470


def exceptions(rng, s):
    item = make(rng)

    def fail(n):
        mine = item
        if n == 0:
            raise KeyError(mine)
        try:
            fail(n - 1)
        finally:
            mine.check()
    try:
        fail(rng.randrange(6))
    except KeyError as e:
        e.args[0].check()
        try:
            raise ValueError(item) from e
        except ValueError as e2:
            assert e2.__cause__ is e
            if rng.random() < 0.2:
                e2.__cause__.again = e2
                s.deque.append(item)


def weak(rng, s):
    item = make(rng)
    s.refs.append(weakref.ref(item, lambda r: s.counted.append(lambda: KEPT)))
    s.list.append(item)
    for r in s.refs[:10]:
        got = r()
        if got is not None:
            got.check()
    if len(s.refs) > 100:
        del s.refs[:50]
    if hasattr(item, "__dict__"):
        d = weakref.WeakValueDictionary(a=item)
        d["a"].check()


KEPT = Item(next(numbers))


def classes(rng, s):
    base = rng.choice(CLASSES)

    class Local(base):
        def check(self):
            assert self.n >= 0
            return self.made_by

        made_by = property(lambda self: base)
    obj = Local(next(numbers)) if base is not Mortal else object.__new__(Local)
    if base is Mortal:
        Local.__del__ = lambda self: None
        obj.n = 1
    assert obj.check() is base and isinstance(obj, base)
    Local.added = rng.random()
    assert obj.added == Local.added
    obj.link = Local


def locks(rng, s):
    with s.lock:
        s.counter += 1
        n = s.counter
    assert n > 0


def threads(rng, s):
    results = []
    item = make(rng)
    t = threading.Thread(target=lambda x: results.append(x), args=(item,))
    t.start()
    if rng.random() < 0.7:
        t.join()
        assert results[0] is item
    else:
        s.counted.append(lambda: t.join() or item)


def collects(rng, s):
    if rng.random() < 0.1:
        gc.collect(rng.randrange(3))
    elif rng.random() < 0.05:
        found = [o for o in gc.get_objects() if type(o) is Item]
        for item in found[:20]:
            if hasattr(item, "pair"):
                item.check()
        del found


def texts(rng, s):
    n = rng.randrange(10**30)
    text = "".join(chr(65 + (n >> i) % 26) for i in range(20)) + str(n)
    assert int(text[20:]) == n and text.lower().upper() == text
    assert n * n % (n + 1) == 1 or n == 0
    b = text.encode()
    assert bytes(bytearray(b)).decode() == text and b.split(b"A")[0] in b
    float(n) * 0.5


STEPS = (lists, dicts, sets, deques, attributes, closures, generators, exceptions, weak, classes, locks, threads,
         collects, texts)


def work(seed, s, until, errors):
    rng = random.Random(seed)
    try:
        while time.monotonic() < until and not errors:
            for step in rng.choices(STEPS, k=20):
                step(rng, s)
    except BaseException as e:
        errors.append(e)


def round_of(number, seconds):
    """One round; when it returns nothing of it is left but what is wrong."""
    s, errors = Shared(), []
    until = time.monotonic() + seconds
    workers = [threading.Thread(target=work, args=((SEED * 1000 + number) * 100 + i, s, until, errors))
               for i in range(THREADS)]
    for t in workers:
        t.start()
    for t in workers:
        t.join()
    while threading.active_count() > 1:
        time.sleep(0.001)
    if errors:
        raise errors[0]


def census():
    """Objects by class, when everything dead is gone."""
    before = None
    for _ in range(20):
        gc.collect()
        now = gc._census() if hasattr(gc, "_census") else collections.Counter(type(o).__name__ for o in gc.get_objects())
        if now == before:
            break
        before = now
    return dict(now)


def main():
    gc.collect()
    end, number, best, grown = time.monotonic() + SECONDS, 0, {}, {}
    length = min(1.0, SECONDS / 6)
    while time.monotonic() < end or number < 6:
        round_of(number, length)
        now = census()
        assert len(tally.made) == len(tally.died), (len(tally.made), len(tally.died))
        assert sorted(tally.made) == sorted(tally.died)
        tally.made.clear()
        tally.died.clear()
        # The first rounds fill caches: what then grows round after round is never freed.
        for name, n in now.items():
            low = best.setdefault(name, n)
            grown[name] = grown.get(name, 0) + (n > low and number >= 2)
            best[name] = max(low, n)
        number += 1
    leaks = {name: times for name, times in grown.items() if times > max(1, (number - 2) // 2)}
    if "-v" in sys.argv:
        print(number, "rounds; grown:", {name: n for name, n in grown.items() if n}, file=sys.stderr)
    assert not leaks, "more objects round after round: %s" % leaks
    print("ok")


main()
