# Module globals: reading and rebinding are atomic; `counter += 1` is not and may lose updates, but nothing worse.
from support import together, while_running

value = (0, 0)
counter = 0


def write():
    global value
    for i in range(60000):
        value = (i, -i)


def read():
    a, b = value
    assert a == -b


while_running(write, read, read)


def bump():
    global counter
    for _ in range(30000):
        counter += 1


together(bump, bump, bump, bump)
# A thread may write back what it read before all the others ran: as few as 2 may be left.
assert 2 <= counter <= 120000 and type(counter) is int, counter
d, box = {"n": 0}, [0]


def bump_items():
    for _ in range(20000):
        d["n"] += 1
        box[0] += 1


together(bump_items, bump_items)
assert 2 <= d["n"] <= 40000 and 2 <= box[0] <= 40000
print("ok")
