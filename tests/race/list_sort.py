# Sorting a list while others sort, read and append.
from support import hammer, rounds

n = rounds(400)
shared = [(i * 7919) % 1000 for i in range(1000)]


def sorter():
    for _ in range(n):
        try:
            shared.sort()
        except ValueError:
            pass


def key_sorter():
    for _ in range(n):
        try:
            shared.sort(key=lambda x: -x, reverse=True)
        except ValueError:
            pass


def reader():
    for _ in range(n):
        copy = shared[:]
        assert all(type(x) is int for x in copy)
        sorted(shared)
        max(shared, default=0)


def private():
    for i in range(n // 2):
        mine = [(j * 31 + i) % 500 for j in range(500)]
        mine.sort()
        assert all(mine[j] <= mine[j + 1] for j in range(499))


hammer(sorter, key_sorter, reader, private, private)
assert sorted(shared) == sorted((i * 7919) % 1000 for i in range(1000))
print("ok")
