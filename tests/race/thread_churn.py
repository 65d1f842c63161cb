# Threads started and joined by threads; objects survive their makers.
import threading

from support import hammer, rounds

n = rounds(250)
left = []


def leave(i):
    left.append({"maker": threading.get_ident(), "data": [i, str(i), (i,)], "f": lambda: i})


def spawn():
    for i in range(n):
        t = threading.Thread(target=leave, args=(i,))
        t.start()
        if i % 10 == 0:
            threading.enumerate()
        t.join()
        item = left[-1]
        assert item["data"][0] == item["f"]() == int(item["data"][1])


hammer(spawn, spawn, spawn)
assert len(left) == 3 * n
assert sorted(x["data"][0] for x in left) == sorted(list(range(n)) * 3)
ts = [threading.Thread(target=leave, args=(i,)) for i in range(60)]
[t.start() for t in ts]
[t.join() for t in ts]
assert len(left) == 3 * n + 60 and threading.active_count() == 1
left.clear()
print("ok")
