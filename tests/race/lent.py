# Private iterators and generators over shared containers that others replace and drop: blocked, shared, left half-way.
import gc
import time
from support import hammer, rounds

n = rounds(1500)
size = 20


class Item:
    def __init__(self, n):
        self.n = n


class Place:
    pass


def fresh():
    return [Item(i) for i in range(size)]


place = Place()
place.items = fresh()
place.pairs = {i: Item(i) for i in range(size)}
place.some = set(range(size))
place.seen = iter(place.items)
place.gen = (x.n for x in place.items)


def replace():
    for i in range(n * 3):
        place.items = fresh()
        place.pairs = {i: Item(i) for i in range(size)}
        place.some = set(range(size))
        if i % 50 == 0:
            gc.collect()


def items(xs):
    for x in xs:
        yield x.n


def loops():
    want = list(range(size))
    for i in range(n):
        assert [x.n for j, x in enumerate(place.items)] == want
        assert [a.n - b.n for a, b in zip(place.items, place.items)] == [0] * size
        assert sum(x.n for x in place.items) == sum(want)
        assert [x.n for x in reversed(place.items)] == want[::-1]
        assert list(map(lambda x: x.n, place.items)) == want
        assert sorted(place.some) == want and [x for x in place.some] == want
        assert [x.n for x in place.pairs.values()] == want


def nested():
    for i in range(n // 20):
        many = [iter(place.items) for _ in range(40)]
        deep = [items(place.items) for _ in range(40)]
        for j in range(size):
            assert {next(it).n for it in many} == {j}
            assert {next(it) for it in deep} == {j}
        del many[::2], deep[1::2]


def blocked():
    for i in range(n // 20):
        it, g, e, r = iter(place.items), items(place.items), enumerate(place.items), reversed(place.items)
        assert next(it).n == next(g) == next(e)[0] == 0 and next(r).n == size - 1
        time.sleep(0.0002)
        assert next(it).n == next(g) == next(e)[0] == 1 and next(r).n == size - 2
        assert [x.n for x in it] == list(g) == [x.n for _, x in e] == list(range(2, size))
        assert [x.n for x in r] == list(range(size - 2))[::-1]


def give():
    for i in range(n):
        it, g = iter(place.items), items(place.items)
        next(it), next(g)
        place.seen, place.gen = it, g


def take():
    for i in range(n):
        for x in place.seen:
            assert 0 <= x.n < size
        try:
            for x in place.gen:
                assert 0 <= x < size
        except ValueError as e:
            assert "already executing" in str(e)


def leave():
    for i in range(n):
        it, g = enumerate(place.items), items(place.items)
        next(it), next(g)
        if i % 3 == 0:
            g.close()
        elif i % 3 == 1:
            try:
                g.throw(KeyError)
            except KeyError:
                pass


hammer(replace, loops, nested, blocked, give, take, leave)
print("ok")
