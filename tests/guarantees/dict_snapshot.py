# D.copy(), dict(D), list(D), list(D.items()), D.update(E), D | E, D.clear(): seen whole.
from support import while_running

states = [{i: s for i in range(50)} for s in ("x", "y")]
shared = dict(states[0])


def write():
    for i in range(4000):
        shared.update(states[1])
        shared.update(states[0])


def whole(values):
    values = list(values)
    assert len(values) == 50 and len(set(values)) == 1, values


def read():
    whole(shared.copy().values())
    whole(dict(shared).values())
    whole(list(shared.values()))
    whole(v for k, v in list(shared.items()))
    whole(({} | shared).values())
    assert list(shared) == list(range(50))


while_running(write, read, read)
cleared = {i: i for i in range(20)}


def clear():
    for _ in range(4000):
        cleared.clear()
        cleared.update(states[0])


clear()


def empty_or_full():
    assert len(list(cleared.items())) in (0, 50)


while_running(clear, empty_or_full)
print("ok")
