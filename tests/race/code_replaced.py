# The code of a function is replaced while threads run it and hold generators of it.
import threading

from support import rounds

TURNS = rounds(2000)
THREADS = 3


def count():
    yield 1
    yield 2


def spell():
    a, b, c = "a", "b", "c"
    yield a
    yield b
    yield c


def number(n):
    return number(n - 1) + 1 if n else 0


def letters(n):
    p = q = r = "x"
    return p + q + r if n < 0 else 0


sources = [count.__code__, spell.__code__]
shared, deep = spell, number
deeps = [number.__code__, letters.__code__]
stop = False
done = [0] * THREADS


def use(me):
    while not stop:
        made = [shared() for _ in range(3)]
        for g in made:
            assert list(g) in ([1, 2], ["a", "b", "c"])
        assert deep(5) in range(6)
        done[me] += 1


threads = [threading.Thread(target=use, args=(i,)) for i in range(THREADS)]
for t in threads:
    t.start()
for i in range(TURNS):
    shared.__code__ = sources[i % 2]
    deep.__code__ = deeps[i % 2]
stop = True
for t in threads:
    t.join()
print("ok")
