# L[:], list(L), L.copy(), L1 + L2, L * 2, tuple(L): a state that the list really had.
from support import while_running

size = 64
shared = [0] * size


def write():
    for i in range(8000):
        shared[:] = [i] * size
        shared[0:size] = [-i] * size


def whole(xs, n=size):
    assert len(xs) == n and xs.count(xs[0]) == n, (len(xs), set(xs))


def read():
    whole(shared[:])
    whole(list(shared))
    whole(shared.copy())
    whole(tuple(shared))
    whole([] + shared)
    whole(shared * 2, 2 * size)
    assert len(shared) == size


while_running(write, read, read)
print("ok")
