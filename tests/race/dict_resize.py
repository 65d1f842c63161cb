# A dict that grows and shrinks through all sizes while others look up.
from support import hammer, rounds

n = rounds(150)
shared = {i: str(i) for i in range(-50, 0)}


def resize():
    for r in range(n):
        for i in range(500):
            shared[i] = str(i)
        for i in range(500):
            del shared[i]


def clear_own():
    for r in range(n * 20):
        d = dict(shared)
        assert d[-1] == "-1"
        d.clear()


def lookup():
    for r in range(n * 40):
        for i in range(-50, 0, 5):
            assert shared[i] == str(i)
        v = shared.get(r % 500)
        assert v is None or v == str(r % 500)


hammer(resize, clear_own, lookup, lookup)
assert shared == {i: str(i) for i in range(-50, 0)}
print("ok")
