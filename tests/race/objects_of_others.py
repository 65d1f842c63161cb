# `gc` hands out what belongs to other threads: from then on it is everybody's, and counted as such.
import gc
import threading

from support import hammer, rounds

n = rounds(12)
stop = threading.Event()


class Mine:
    def __init__(self, i):
        self.i = i
        self.pair = (i, [i])


def owner():
    kept = []
    k = 0
    while not stop.is_set():
        kept.append(Mine(k))
        if len(kept) > 50:
            for m in kept:
                assert m.pair == (m.i, [m.i])
            del kept[::2]
            if len(kept) > 40:
                del kept[:]
        k += 1


def finder():
    found = looks = 0
    # On a busy machine the owners may not have made anything by the last look.
    while looks < n or not found:
        looks += 1
        mine = [o for o in gc.get_objects() if type(o) is Mine]
        for m in mine:
            # Just made ones may not have their attributes yet.
            pair = getattr(m, "pair", None)
            assert pair is None or pair == (m.i, [m.i])
            m.seen = [m]
            m.seen = None
        found += len(mine)
        for m in mine[:3]:
            for r in gc.get_referrers(m):
                assert r is not None
            for r in gc.get_referents(m):
                assert r is not m
            del m
        mine.clear()
    stop.set()


hammer(owner, owner, finder)
print("ok")
