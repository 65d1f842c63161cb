# Iterating over a dict that others change: RuntimeError or a consistent pass, never a crash.
from support import hammer, rounds

n = rounds(2500)
shared = {i: i * 2 for i in range(100)}


def tolerant(f):
    def job():
        for i in range(n):
            try:
                f(i)
            except RuntimeError as e:
                assert "during iteration" in str(e), e
            except KeyError:
                pass
    return job


def items(i):
    for k, v in shared.items():
        assert v == k * 2


def keys(i):
    for k in shared:
        pass
    assert all(type(k) is int for k in list(shared))
    sorted(shared.values())
    sum(shared.values())


def copies(i):
    for k, v in dict(shared).items():
        assert v == k * 2
    assert {**shared} is not shared
    len(shared.copy()), list(shared.items())


def change(i):
    k = 100 + i % 50
    shared[k] = k * 2
    shared.pop(100 + (i * 7) % 50, None)
    if i % 100 == 0:
        shared.popitem()


hammer(tolerant(items), tolerant(keys), tolerant(copies), tolerant(change), tolerant(change))
assert all(v == k * 2 for k, v in shared.items())
print("ok")
