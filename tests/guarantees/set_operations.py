# S.add, S.discard, S.pop, S.update, S.copy, S |= T, x in S.
from support import together, while_running

n, shared = 10000, set()
together(*[lambda t=t: [shared.add((t, i)) for i in range(n)] for t in range(4)])
assert len(shared) == 4 * n


def pop():
    mine = []
    while True:
        try:
            mine.append(shared.pop())
        except KeyError:
            return mine


parts = together(pop, pop, pop)
assert len({x for part in parts for x in part}) == sum(map(len, parts)) == 4 * n
together(*[lambda: [(shared.add(i), shared.discard(i)) for i in range(n)]] * 3)
block = set(range(40))


def write():
    for _ in range(4000):
        shared.update(block)
        shared.difference_update(block)


def read():
    assert len(shared.copy()) in (0, 40)
    assert len(list(shared)) in (0, 40)


shared.clear()
while_running(write, read)
print("ok")
