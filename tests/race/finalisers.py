# Objects dropped by a thread other than their maker: each finaliser runs exactly once.
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
        x = q.get()
        del x


def overwrite(base):
    def job():
        for i in range(n):
            slots[(i + base) % 8] = F(base + i)
    return job


hammer(make, drop, overwrite(n), overwrite(2 * n))
slots[:] = [None] * 8
gc.collect()
assert sorted(done) == list(range(3 * n)), len(done)
print("ok")
