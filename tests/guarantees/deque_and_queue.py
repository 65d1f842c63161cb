# deque.append, popleft, extend; queue.SimpleQueue: nothing lost, order of each producer kept.
import queue
from collections import deque

from support import together

n, d, q = 15000, deque(), queue.SimpleQueue()


def produce(k):
    def job():
        for i in range(n):
            d.append((k, i))
            q.put((k, i))
    return job


def consume():
    mine = []
    while len(mine) < n:
        try:
            mine.append(d.popleft())
        except IndexError:
            pass
    return mine, [q.get() for _ in range(n)]


results = together(produce(0), produce(1), consume, consume)[2:]
for which in (0, 1):
    got = [r[which] for r in results]
    assert sorted(got[0] + got[1]) == [(k, i) for k in range(2) for i in range(n)]
    for part in got:
        for k in range(2):
            mine = [i for t, i in part if t == k]
            assert mine == sorted(mine)
print("ok")
