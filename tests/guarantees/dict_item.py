# D[k] = v, x = D[k], D.get(k), k in D: what is read was stored.
from support import while_running

shared = {k: (k, 0) for k in ("a", "b", 3, (4, 5))}
keys = list(shared)


def write():
    for i in range(60000):
        shared[keys[i % 4]] = (keys[i % 4], i)


def read():
    for k in keys:
        assert shared[k][0] == k and shared.get(k)[0] == k and k in shared
    assert len(shared) == 4 and list(shared) == keys


while_running(write, read, read)
print("ok")
