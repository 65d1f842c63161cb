# Comprehensions: conditions, nesting, scoping.
print([x * x for x in range(5)], [x for x in range(10) if x % 2 if x > 4], [(a, b) for a in range(3) for b in "xy" if a], [[i * j for j in range(3)] for i in range(3)], {x for x in "aab"} == {"a", "b"}, {k: v for k, v in zip("ab", [1, 2])}, [x if x else "zero" for x in range(2)])
x = "kept"
[x for x in range(3)]
print(x, [x for x in [x]], [y for x in [1, 2] for y in [x, x * 10]], [a + b for a, b in [(1, 2), (3, 4)]], [first for first, *rest in ["abc", "de"]], [[y for y in x] for x in ["ab", "c"]])


def f():
    n = 3
    fs = [lambda: i + n for i in range(3)]
    inner = [[n * i for i in range(2)] for n in range(2)]
    n = 10
    return [g() for g in fs], inner, n


print(f())


def capture():
    values = []
    for k in range(3):
        values += [k + j for j in range(2)]
    return values, [v for v in values if v not in [w for w in values if w > 2]]


print(capture())


class C:
    items = [1, 2]
    doubled = [i * 2 for i in items]
    try:
        bad = [i * len(items) for i in items]
    except NameError as e:
        bad = str(e)


print(C.doubled, C.bad, hasattr(C, "i"))
print([z := 1, z + 1], z, [last := i for i in range(3)], last, [(t := i * 2) + t for i in range(3)], t)
print([i for i in range(5) if (lambda v: v % 2)(i)], [*range(2), *[5]], [i for i in (j for j in range(2))], [n for n in [1, 2, 3] if not n == 2], [(i, j, k) for i in range(2) for j in range(i, 2) for k in range(j, 2)])
try:
    [1 / i for i in (1, 0)]
except ZeroDivisionError as e:
    print(e)
try:
    print(i)
except NameError as e:
    print(e)
print([print("side", i) for i in range(2)], [[] for _ in range(3)], [_ for _ in "ab"], [a for a in [[1, 2], [3]] for a in a], [lambda: q for q in [1]][0]())
