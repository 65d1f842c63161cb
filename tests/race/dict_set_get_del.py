# Each thread has its own keys in one dict, all reading everyone's.
from support import hammer, rounds

n = rounds(25000)
shared = {}


def job(me):
    def run():
        for i in range(n):
            k = (me, i % 100)
            shared[k] = i
            assert shared[k] == i
            if i % 3 == 0:
                del shared[k]
                assert k not in shared
            shared.get(((me + 1) % 4, i % 100))
            shared.setdefault((me, "own"), me)
            shared.pop((me, i % 50), None)
    return run


hammer(*[job(i) for i in range(4)])
assert all(shared[i, "own"] == i for i in range(4))
assert len(shared) == len(list(shared)) == len(shared.items())
print("ok")
