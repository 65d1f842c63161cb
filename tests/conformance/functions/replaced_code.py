# A function's code is replaced while its frames run and its generators are suspended: they go on with what they began with.
def small():
    yield "small 1"
    yield "small 2"


def large():
    a, b, c, d, e, f, g, h = range(8)
    yield "large 1", a, b, c
    yield "large 2", d, e, f
    yield "large 3", g, h


begun = small()
fresh = small()
print(next(begun))
small.__code__ = large.__code__
print(list(begun), list(fresh))
print(list(small()))


def other(depth):
    x = y = z = "new"
    return "other", depth, x + y + z


def recursive(depth):
    kept = [depth, "kept"]
    if depth == 2:
        recursive.__code__ = other.__code__
        return recursive(depth + 1), kept
    return recursive(depth + 1), kept


print(recursive(0))
print(recursive(0))
print(recursive.__code__ is other.__code__)


def failing():
    try:
        failing.__code__ = other.__code__
        1 / 0
    except ZeroDivisionError:
        return "caught by the old code"


print(failing())
try:
    failing()
except TypeError as error:
    print(error)


def outer():
    v = 1

    def inner():
        return v

    return inner


inner = outer()
try:
    inner.__code__ = other.__code__
except ValueError as error:
    print(error)
inner.__code__ = outer().__code__
print(inner())
