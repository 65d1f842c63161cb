# Generators of each thread's own, over shared data.
from support import hammer, rounds

n = rounds(400)
data = list(range(200))


def evens(xs):
    for x in xs:
        if x % 2 == 0:
            yield x


def tree(depth):
    if depth == 0:
        yield 1
    else:
        yield from tree(depth - 1)
        yield from tree(depth - 1)


def job():
    for i in range(n):
        assert sum(evens(data)) == 9900
        assert sum(tree(6)) == 64
        assert sum(x * 2 for x in evens(data)) == 19800
        g = evens(data)
        next(g)
        g.close()


hammer(job, job, job, job)
print("ok")
