# gc.collect while others make cycles, containers and finalisers.
import gc
import weakref

from support import hammer, rounds

n = rounds(1500)
finalised = []
shared = []


class Node:
    def __init__(self, n):
        self.n = n
        self.me = self

    def __del__(self):
        finalised.append(self.n)


def cycles():
    for i in range(n):
        a, b = Node(i), Node(i)
        a.other, b.other = b, a
        r = weakref.ref(a)
        del a, b
        c = []
        c.append(c)
        d = {}
        d["me"] = d


def growing():
    for i in range(n * 5):
        shared.append([shared, {"i": i}, (i, str(i))])
        if len(shared) > 500:
            del shared[:250]


def collect():
    for i in range(max(3, n // 60)):
        gc.collect()


def check():
    for i in range(n * 3):
        for item in shared[:5]:
            assert item[0] is shared and item[1]["i"] == item[2][0]


hammer(cycles, cycles, growing, collect, check)
gc.collect()
assert len(finalised) == 4 * n, (len(finalised), 4 * n)
print("ok")
