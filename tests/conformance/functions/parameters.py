# All parameter kinds.
def f(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


print(f(1, d=4), f(1, 20, 30, 40, 50, d=0, x=1, y=2), f(1, c=9, d=1), f(*[1, 2], *(3, 4), **{"d": 5}, **{"z": 6}), f(1, d=4, a=10, b=20))


def g(*, k):
    return k


def h(a, *, k=1):
    return a, k


def v(*args, **kw):
    return args, kw


def d1(a=[]):
    a.append(1)
    return len(a)


print(g(k=1), h(2), h(a=3, k=4), v(), v(1, 2, x=3), v(*"ab", *[], **{}), v(*range(3), 9, *{1: 2}), d1(), d1(), d1([]))
print((lambda: 0)(), (lambda a, b=2, *c, d=4, **e: (a, b, c, d, e))(1, x=5), (lambda *a: a)(1, 2), (lambda **k: k)(q=1))
n = 1


def late(x=n, y=lambda: n):
    return x, y()


n = 2
print(late())


def order():
    def show(x):
        print("eval", x)
        return x
    v(show(1), *[show(2)], k=show(3), **{"m": show(4)})


order()
print(f.__defaults__, f.__kwdefaults__, f.__name__, f.__code__.co_varnames, f.__code__.co_argcount, f.__code__.co_kwonlyargcount, f.__code__.co_posonlyargcount)
kw = {"k": 5}
g(**kw)
kw2 = v(**kw)[1]
kw2["new"] = 1
print(kw, v(**{"not an identifier": 1}))
