# Look-ups in a set that other threads grow, shrink, replace and clear: what stays in it is always found.
from support import hammer, rounds

n = rounds(3000)


class Odd:
    """Equality through Python."""

    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return type(other) is Odd and self.n == other.n

    def __hash__(self):
        return self.n % 3


class Plain:
    pass


numbers = list(range(0, 70, 10))
texts = ["stays" + str(i) for i in range(5)]
objects = [Plain() for _ in range(5)] + [Plain]
pairs = [(i, "pair" + str(i)) for i in range(5)]
odds = [Odd(i) for i in range(4)]
stays = numbers + texts + objects + pairs + odds
shared = set(stays)
emptied = set(stays)
keep = frozenset(stays)


def grow_and_shrink():
    for i in range(n):
        many = [i * 1000 + j for j in range(i % 60)] + ["t%d" % (i + j) for j in range(i % 7)] + [(i, j) for j in range(5)]
        for key in many:
            if key not in keep:
                shared.add(key)
        for key in many:
            if key not in keep:
                shared.discard(key)


def bulk():
    for i in range(n):
        shared.update(range(1001, 1001 + i % 50))
        shared.difference_update(range(1001, 1100))
        shared.update([Plain(), Plain()])


def replace():
    global shared
    for i in range(n):
        shared &= keep


def clear():
    for i in range(n):
        emptied.clear()
        emptied.update(stays)
        emptied.add(object())


def read():
    for i in range(n):
        for key in stays:
            assert key in shared, key
        assert Odd(2) in shared and ("stays" + str(i % 5)) in shared and (i % 5, "pair" + str(i % 5)) in shared
        assert -7 not in shared and "absent" + str(i) not in shared and (i, "x") not in shared
        assert 0 <= len(shared)


def read_emptied():
    for i in range(n):
        for key in stays:
            assert (key in emptied) in (True, False)
        assert -7 not in emptied and "absent" not in emptied
        try:
            for key in emptied:
                assert key in keep or type(key) is object
        except RuntimeError as e:
            assert "changed size during iteration" in str(e)


hammer(grow_and_shrink, bulk, replace, clear, read, read, read_emptied)
assert shared >= keep
print("ok")
