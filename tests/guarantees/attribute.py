# x = o.a, o.a = v, del o.a, setattr: what is read was stored; one thread wins a deletion.
from support import together, while_running


class C:
    pass


o = C()
o.a = (0, 0)


def write():
    for i in range(60000):
        o.a = (i, -i)


def read():
    a, b = o.a
    assert a == -b and o.__dict__["a"] and getattr(o, "a")


while_running(write, read, read)


def delete():
    won = 0
    for i in range(3000):
        try:
            delattr(o, f"x{i}")
            won += 1
        except AttributeError:
            pass
    return won


for i in range(3000):
    setattr(o, f"x{i}", i)
assert sum(together(delete, delete, delete)) == 3000
together(*[lambda t=t: [setattr(o, f"t{t}_{i}", i) for i in range(3000)] for t in range(4)])
assert len(o.__dict__) == 1 + 4 * 3000
print("ok")
