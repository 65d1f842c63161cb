# Generators: laziness, state, return values, exhaustion.
def count(n):
    print("start")
    i = 0
    while i < n:
        yield i
        i += 1
    print("end")
    return "result"


g = count(2)
print("created", type(g).__name__, g.__name__, g.gi_running, iter(g) is g)
print(next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value, e.args)
print(next(g, "exhausted"), list(g))


def empty():
    return
    yield


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def two():
    yield
    yield 5


print(list(empty()), list(two()), [x for x, _ in zip(fib(), range(10))])
f1, f2 = fib(), fib()
print(next(f1), next(f1), next(f1), next(f2))


def tree(t):
    if isinstance(t, list):
        for x in t:
            yield from tree(x)
    else:
        yield t


print(list(tree([1, [2, [3, 4], []], 5])), sum(tree([1, [2]])), max(tree([[3], 9])), "".join(str(x) for x in tree([1, [2]])), dict((x, x) for x in tree([1])))


def args(a, *b, c=3, **d):
    yield a
    yield b
    yield c, d


print(list(args(1, 2, 3, c=4, z=5)))


def pipeline(lines):
    stripped = (line.strip() for line in lines)
    nonempty = (line for line in stripped if line)
    return (f"{i}:{line}" for i, line in enumerate(nonempty))


print(list(pipeline(["a ", "", " b"])))
a, b, *c = count(5)
print(a, b, c)
try:
    args()
except TypeError as e:
    print(e)
