# Every thread pops from one shared deque that is full at the start: each item goes to one thread, and none is left.
import collections


def setup(n, threads):
    return collections.deque((list(range(16)) * (n * 10 // 16 + 1))[: n * 10])


def work(items, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        total += items.popleft()
    return total


def check(items, parts):
    return sum(parts) * 10 + len(items)
