# append and pop from 4 threads: nothing lost, nothing doubled.
from support import hammer, rounds

n = rounds(60000)
shared = []


def producer(base):
    def job():
        for i in range(n):
            shared.append(base + i)
    return job


taken = [[], []]


def consumer(mine):
    def job():
        for _ in range(n):
            try:
                mine.append(shared.pop())
            except IndexError:
                pass
    return job


hammer(producer(0), producer(n), consumer(taken[0]), consumer(taken[1]))
everything = sorted(shared + taken[0] + taken[1])
assert everything == list(range(2 * n)), len(everything)
print("ok")
