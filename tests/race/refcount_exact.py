# Counts are exact again when the threads are gone.
import sys

from support import hammer, rounds

n = rounds(40000)
target = []
holder = {"a": None, "b": None}
boxes = [None] * 10
before = sys.getrefcount(target)


def job(me):
    def run():
        local = None
        for i in range(n):
            boxes[(i + me) % 10] = target
            local = target
            pair = (target, local)
            holder["a"] = pair
            holder["b"] = [target]
            boxes[(i * 3 + me) % 10] = None
            lambda: local
    return run


hammer(*[job(i) for i in range(4)])
boxes[:] = [None] * 10
holder.clear()
del job
assert sys.getrefcount(target) == before, (sys.getrefcount(target), before)
print("ok")
