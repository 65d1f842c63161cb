# Left to right, values before targets.
def v(x):
    print(x, end=" ")
    return x


v(1) + v(2) * v(3)
[v(4), v(5)][v(0)]
{v("k"): v("v"), v("k2"): v("v2")}
print(v(6), v(7), sep=v("\n"))


def f(*a, **k):
    return a


f(v(1), *[v(2)], v(3), k=v(4), **{"z": v(5)})
print()
d = {}
d[v("index")] = v("value")
print(d)
lst = [0, 0]
lst[v(0)], lst[v(1)] = v("a"), v("b")
print(lst)
v(1) if v(0) else v(2)
v(0) or v(3) and v(4)
v(1) < v(2) < v(0) < v(9)
print()


class O:
    pass


def obj():
    print("obj", end=" ")
    return O


obj().attr = v("rhs")
obj().attr += v("!")
print(O.attr)
lst[v(0)] += v("x")
print(lst)
(lambda a=v("default"): a)()
assert v("test"), v("message")
x = v("chain1")
x = y = v("chain2")
print(x, y)
del d[v("index")]
f"{v('f1')}{v('f2'):{v('>')}{v('4')}}"
v([1, 2])[v(0):v(1)]
print()
for i in v(range(2)):
    print(i, end=" ")


@(lambda f: v(f.__name__))
def decorated(a=v("arg")):
    pass


class C(v(object), metaclass=v(type)):
    pass
