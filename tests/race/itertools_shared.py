# itertools and deque shared by threads.
import itertools
from collections import deque

from support import hammer, rounds

n = rounds(20000)
counter = itertools.count()
q = deque()


def job():
    mine = []
    for i in range(n):
        mine.append(next(counter))
        q.append(i)
        if i % 2:
            q.popleft()
            q.append(q.pop())
            q.rotate(1)
    return mine


parts = hammer(job, job, job)
numbers = [x for p in parts for x in p]
assert len(set(numbers)) == len(numbers), "itertools.count gave a number twice"
assert len(q) == 3 * n - 3 * (n // 2), len(q)
print("ok")
