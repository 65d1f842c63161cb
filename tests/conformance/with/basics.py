# with: order, suppression, several managers, exceptions in enter and exit.
class CM:
    def __init__(self, name, suppress=False):
        self.name, self.suppress = name, suppress

    def __enter__(self):
        print("enter", self.name)
        return self.name + "!"

    def __exit__(self, cls, value, tb):
        print("exit", self.name, cls and cls.__name__, value, tb is not None)
        return self.suppress


with CM("a") as a:
    print("body", a)
with CM("b", True):
    raise ValueError("swallowed")
print("after b")
try:
    with CM("c") as c, CM("d") as d:
        print(c, d)
        1 / 0
except ZeroDivisionError as e:
    print("out", e)
with (
    CM("e") as e,
    CM("f", True) as f,
):
    raise KeyError(e + f)


def returns():
    with CM("g"):
        return "value"


def loops():
    out = []
    for i in range(3):
        with CM(str(i)):
            if i == 0:
                continue
            out.append(i)
            break
    return out


print(returns(), loops())


class EnterFails(CM):
    def __enter__(self):
        raise RuntimeError("enter failed")


class ExitFails(CM):
    def __exit__(self, *a):
        raise RuntimeError("exit failed")


for make in (lambda: (CM("h"), EnterFails("i")), lambda: (CM("j", True), ExitFails("k"))):
    x, y = make()
    try:
        with x, y:
            raise ValueError("body")
    except Exception as e:
        print(type(e).__name__, e, repr(e.__context__))
for bad in (5, object()):
    try:
        with bad:
            print("never")
    except TypeError as e:
        print(e)


class NoExit:
    def __enter__(self):
        return 1


try:
    with NoExit():
        pass
except TypeError as e:
    print(e)
with CM("t") as (p, *q):
    print(p, q)
d = {}
with CM("u") as d["key"], CM("v") as CM.attr:
    print(d, CM.attr)
