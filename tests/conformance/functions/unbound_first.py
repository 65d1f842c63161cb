# A local that is not bound is noticed where it stands, before what stands behind it runs.
log = []


def f(value=1):
    log.append(value)
    return value


def add():
    x + f()
    x = 1


def compare():
    if x < f():
        pass
    x = 1


def chain():
    x < 1 < f() < 3
    x = 1


def item():
    x[f()]
    x = 1


def store():
    x[f()] = 2
    x = 1


def augmented():
    x += f()


def attribute():
    x.a += f()
    x = 1


def pair():
    return x, f()
    x = 1


def missing_global():
    x + no_such_global
    x = 1


def branch(c):
    if c:
        x = 1
    return x + f(2)


def loop(n):
    for i in range(n):
        x = i
    return x * f(x)


def deleted(x):
    del x
    return x - f()


def handler():
    try:
        f("try")
        x = 1 / 0
    except ZeroDivisionError as e:
        x = 5 + f(3)
    return e + f()


def with_default(a, b=2, *c, d, **e):
    return (a + f(b), b + f(d), c + f(()), e == f({}))


for g in (add, compare, chain, item, store, augmented, attribute, pair, missing_global, lambda: branch(0), lambda: branch(1), lambda: loop(0), lambda: loop(2),
          lambda: deleted(1), handler, lambda: with_default(1, d=4)):
    try:
        print(g(), log)
    except NameError as error:
        print(type(error).__name__, error, log)
    log.clear()
