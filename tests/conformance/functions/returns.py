# return in every place; None by default; returning several values.
def nothing():
    pass


def bare(x):
    if x:
        return
    return "end"


def nested(x):
    for i in range(5):
        while True:
            if i == x:
                return i, "found"
            break
    else:
        return "else"


def many():
    return 1, [2], {"three": 3}


def ternary(n):
    return "neg" if n < 0 else "zero" if n == 0 else "pos"


def early(items):
    with_side_effects = []
    for item in items:
        if item is None:
            continue
        if item == "stop":
            return with_side_effects
        with_side_effects.append(item)
    return "all", with_side_effects


print(nothing(), bare(1), bare(0), nested(2), nested(9), many(), [ternary(n) for n in (-1, 0, 1)], early([1, None, 2, "stop", 3]), early([1]))
a, b, c = many()
print(a, b, c, many()[2]["three"], (lambda: (yield))().__class__.__name__, print("x", end="") is None)


def swap(a, b):
    a, b = b, a
    return a, b


def star():
    return *[1, 2], 3


print(swap(1, 2), star(), [*star()], (lambda x: (x, x))(1), nothing() or "default")


def unreachable():
    return 1
    print("never")


print(unreachable())
