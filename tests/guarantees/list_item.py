# x = L[i], L[i] = x, x = L[-1]: the value read is one that was stored, whole.
from support import while_running

shared = [(0, 0)] * 4


def write():
    for i in range(60000):
        shared[i % 4] = (i, -i)


def read():
    for i in range(-4, 4):
        a, b = shared[i]
        assert a == -b


while_running(write, read, read)
print("ok")
