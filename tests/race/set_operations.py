# Sets: add, discard, membership, algebra and iteration together.
from support import hammer, rounds

n = rounds(6000)
shared = set(range(100))
fixed = frozenset(range(0, 100, 2))


def tolerant(f):
    def job():
        for i in range(n):
            try:
                f(i)
            except RuntimeError as e:
                assert "changed size during iteration" in str(e)
            except KeyError:
                pass
    return job


def change(i):
    shared.add(100 + i % 100)
    shared.discard(100 + (i * 3) % 100)
    shared.remove(100 + (i * 7) % 100)


def bulk(i):
    shared.update(range(200, 210))
    shared.difference_update(range(200, 210))


def read(i):
    assert (i % 100) in shared
    for x in shared:
        assert type(x) is int
    len(shared), list(shared), sorted(shared)


def algebra(i):
    assert fixed <= (shared | fixed)
    assert (shared & fixed) == fixed
    shared - fixed, shared.copy(), fixed ^ shared


hammer(tolerant(change), tolerant(change), tolerant(bulk), tolerant(read), tolerant(algebra))
assert shared >= set(range(100))
print("ok")
