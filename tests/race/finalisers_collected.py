# Objects with finalisers change hands while the collector looks at the whole heap.
import gc
import queue

from support import hammer, rounds

n = rounds(8000)
done = []


class F:
    def __init__(self, i):
        self.i = i

    def __del__(self):
        done.append(self.i)


q = queue.SimpleQueue()
slots = [None] * 8


def make():
    for i in range(n):
        q.put(F(i))


def drop():
    for i in range(n):
        q.get()


def overwrite():
    for i in range(n):
        slots[i % 8] = F(n + i)


def collect():
    while len(done) < n:
        # Now and then: what died since the world last stood still lies where its thread left it.
        for _ in range(5000):
            pass
        gc.collect()


hammer(make, drop, overwrite, collect)
slots[:] = [None] * 8
gc.collect()
assert sorted(done) == list(range(2 * n)), len(done)
print("ok")
