# Finalisers revive objects that weak references of other threads know: whoever finds one finds all of it shared.
import gc
import weakref

from support import hammer, rounds

n = rounds(60)
refs = [None] * 2
revived = [None] * 2
going, ran = [True], [0]


class Part:
    def __init__(self, i):
        self.i = i
        self.pair = [i, -i]


class Phoenix:
    first = None

    def __init__(self, i):
        self.i = i

    def __del__(self):
        # New ones, private to the thread that runs this until the last line shows them to the others.
        self.first = [Part(self.i)]
        self.many = [[k] for k in range(4000)]
        revived[self.i % 2] = self
        ran[0] += 1


def maker():
    try:
        for i in range(n):
            phoenix = Phoenix(i)
            refs[i % 2] = weakref.ref(phoenix)
            del phoenix
            # The reference is the others' while the finaliser runs, and for a moment after.
            while ran[0] <= i and going[0]:
                pass
    finally:
        going[0] = False


def check(part):
    assert type(part) is Part and part.pair == [part.i, -part.i]


def finder(mine):
    def job():
        while going[0]:
            for r in refs:
                phoenix = r and r()
                first = phoenix and phoenix.first
                if first:
                    part = first[0]
                    mine.append(part)
                    check(part)
                    del part
                del phoenix, first
            for part in mine[-5:]:
                check(part)
            del mine[:-200]
    return job


kept = [[], []]
hammer(maker, finder(kept[0]), finder(kept[1]))
revived[:] = refs[:] = [None] * 2
gc.collect()
# Many more, in the memory of those that were freed too early.
more = [Part(i) for i in range(500)]
for part in kept[0] + kept[1] + more:
    check(part)
print("ok")
