# Tuples: literals, methods, immutability.
t = (1, "a", [2])
print((), (1,), 1, t, tuple(), tuple("ab"), tuple([1, 2]), tuple(range(3)), len(t), t[0], t[-1], t[1:], t[::-1], (1, 2) + (3,), (1, 2) * 2, 0 * (1,), ((1, 2), 3))
print((1, 2, 1).count(1), (1, 2, 1).index(1), (1, 2, 1).index(1, 1), 2 in (1, 2), bool(()), hash((1, 2)) == hash((1, 2)), {(1, 2): "x"}[1, 2], max((3, 1)), sorted((3, 1, 2)), sum((1, 2)))
t[2].append(3)
print(t, (1, 2) == (1, 2), (1,) < (1, 0), tuple(t) is t, (*t, 5), (*[], *(1,)), 1, )
a, b, *c = 1, 2, 3, 4
print(a, b, c, (yes := (1, 2))[0], (lambda: (1, 2))())


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


def assign():
    t[0] = 5


def delete():
    del t[0]


error(lambda: t[3])
error(lambda: t["a"])
error(lambda: t.index(9))
error(lambda: hash(t))
error(lambda: t + [1])
error(lambda: t.append(1))
error(lambda: tuple(5))
error(lambda: tuple(1, 2))
error(lambda: (1, 2).index(2, 2))
error(assign)
error(delete)
t2 = ([1],)
try:
    t2[0] += [2]
except TypeError as e:
    print(e, t2)
print(repr((1,)), str((1, 2)), "%s %s" % (1, 2), f"{(1, 2)}", (None, True, ...))
