# D.pop(k), D.popitem(), del D[k]: one thread gets each entry.
from support import together

n = 30000
shared = {i: str(i) for i in range(n)}


def pop():
    return [i for i in range(n) if shared.pop(i, None) is not None]


def popitem():
    mine = []
    while True:
        try:
            k, v = shared.popitem()
        except KeyError:
            return mine
        assert v == str(k)
        mine.append(k)


def delete():
    mine = []
    for i in range(n):
        try:
            del shared[i]
            mine.append(i)
        except KeyError:
            pass
    return mine


parts = together(pop, popitem, delete)
assert sorted(k for part in parts for k in part) == list(range(n))
print("ok")
