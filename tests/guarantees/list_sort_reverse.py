# L.sort() and L.reverse() appear atomic: others see the list before or after, never between.
from support import while_running

up = list(range(300))
shared = up[:]


def write():
    for i in range(3000):
        shared.sort(reverse=True)
        shared.sort()
        shared.reverse()
        shared.reverse()


def read():
    copy = shared[:]
    assert copy == up or copy == up[::-1], "between"


while_running(write, read, read)
assert shared == up
print("ok")
