# String keys, the lock-free fast path: constant keys always found, values always whole.
from support import hammer, rounds

n = rounds(30000)
shared = {"alpha": ("alpha", 0), "beta": ("beta", 0), "gamma": ("gamma", 0)}
keys = list(shared)


def reader():
    for i in range(n):
        k = keys[i % 3]
        v = shared[k]
        assert v[0] == k
        assert shared.get(k)[0] == k and k in shared


def writer():
    for i in range(n):
        k = keys[i % 3]
        shared[k] = (k, i)


def churn():
    for i in range(n):
        shared["tmp%d" % (i % 300)] = ("tmp", i)
        if i % 2:
            shared.pop("tmp%d" % ((i * 7) % 300), None)


hammer(reader, reader, writer, churn)
assert [shared[k][0] for k in keys] == keys
print("ok")
