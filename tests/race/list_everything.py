# Every list operation at once, with errors that a race may cause tolerated: no crash, and only our objects inside.
from support import hammer, rounds

n = rounds(9000)
shared = list(range(50))


def guarded(f):
    def job():
        for i in range(n):
            try:
                f(i)
            except (IndexError, ValueError):
                pass
    return job


def grow(i):
    shared.append(i)
    shared.insert(i % 7, i)
    shared.extend([i, i + 1])
    if len(shared) > 200:
        del shared[50:]


def shrink(i):
    shared.pop()
    shared.pop(0)
    shared.remove(i % 50)
    del shared[i % 5]


def read(i):
    shared[i % 10]
    shared[-1]
    shared[2:9]
    sum(shared)
    len(shared), i in shared, shared.count(i), list(shared), shared[:], shared == [i], repr(shared[:3])


def replace(i):
    shared[i % 10] = i
    shared[1:3] = [i, i, i]
    shared[::-1]
    shared.reverse()
    if i % 50 == 0:
        shared.sort()
    if i % 1000 == 0:
        shared.clear()
        shared.extend(range(50))


hammer(guarded(grow), guarded(shrink), guarded(read), guarded(replace), guarded(grow), guarded(read))
assert all(type(x) is int for x in shared)
print("ok")
