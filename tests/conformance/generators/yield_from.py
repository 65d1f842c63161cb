# yield from: delegation of values, sends, exceptions and results.
def inner():
    try:
        x = yield "a"
        print("inner got", x)
        y = yield "b"
        print("inner got", y)
    except ValueError as e:
        print("inner caught", e)
        yield "after error"
    finally:
        print("inner finally")
    return "inner result"


def outer():
    result = yield from inner()
    print("result", result)
    yield from [1, 2]
    yield from "xy"
    return (yield from empty())


def empty():
    return "e"
    yield


g = outer()
print(next(g), g.send(5), g.send(6), next(g), list(g))
g = outer()
print(next(g), g.throw(ValueError("boo")), next(g), g.close())
g = outer()
next(g)
try:
    g.throw(KeyError("through"))
except KeyError as e:
    print("out", e)
g = outer()
next(g)
g.close()


class Iter:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("iter value")
        return self.n


def over(it):
    r = yield from it
    print("r =", r)


print(list(over(Iter())), list(over([])), list(over(range(2))))
g = over(Iter())
next(g)
try:
    g.send("no send method")
except AttributeError as e:
    print(e)
for bad in (5, None):
    try:
        list(over(bad))
    except TypeError as e:
        print(e)


def chain(n):
    if n:
        yield n
        yield from chain(n - 1)


print(list(chain(5)), len(list(chain(150))))


def flatten(x):
    for i in x:
        if isinstance(i, (list, tuple)):
            yield from flatten(i)
        else:
            yield i


print(list(flatten([1, (2, [3, [[4]]]), 5])))
