# Closures: cells, late binding, nonlocal, shared state.
def counter():
    n = 0

    def up(step=1):
        nonlocal n
        n += step
        return n

    def get():
        return n

    return up, get


up, get = counter()
up()
up(5)
up2, get2 = counter()
print(get(), up(), get2(), up2())
print([f() for f in [lambda: i for i in range(3)]], [f() for f in [lambda i=i: i for i in range(3)]])


def make():
    fs = []
    for i in range(3):
        def f():
            return i
        fs.append(f)
    return fs


print([f() for f in make()])


def outer(x):
    def middle():
        def inner():
            nonlocal x
            x += 1
            return x
        return inner
    return middle(), lambda: x


inner, peek = outer(10)
print(inner(), inner(), peek(), inner.__closure__[0].cell_contents, inner.__code__.co_freevars, outer.__code__.co_cellvars, up.__closure__ is not None, print is print)


def unbound():
    def f():
        return later
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e)
    later = 1
    print(f())
    del later
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e)


unbound()


def args_cell(a, *rest, k=1, **kw):
    return lambda: (a, rest, k, kw)


print(args_cell(1, 2, 3, k=4, z=5)())
compose = lambda *fs: lambda x: [x := f(x) for f in fs][-1]
print(compose(lambda x: x + 1, lambda x: x * 2)(5), (lambda x: lambda y: lambda z: x + y + z)(1)(2)(3))


def fact():
    def f(n):
        return 1 if n == 0 else n * f(n - 1)
    return f


print(fact()(20))
