# Attributes of one instance added, changed and deleted by all threads.
from support import hammer, rounds

n = rounds(20000)


class Box:
    base = "class"


box = Box()
box.always = ("always", 0)


def own(me):
    name = f"own{me}"

    def job():
        for i in range(n):
            setattr(box, name, i)
            assert getattr(box, name) == i
            if i % 5 == 0:
                delattr(box, name)
                assert not hasattr(box, name)
            assert box.always[0] == "always"
            assert box.base in ("class", "instance")
    return job


def writer():
    for i in range(n):
        box.always = ("always", i)
        if i % 100 == 0:
            box.base = "instance"
            del box.base


def names():
    for i in range(n // 20):
        try:
            for k in box.__dict__:
                pass
        except RuntimeError:
            pass
        dir(box), vars(box).copy(), len(box.__dict__), repr(list(box.__dict__.items()))


hammer(own(0), own(1), own(2), writer, names)
print("ok")
