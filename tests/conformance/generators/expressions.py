# Generator expressions: laziness, scoping, nesting.
x = "outer"
print(list(x for x in range(3)), x, sum(i * i for i in range(5)), sorted(c for c in "cab"), any(n > 3 for n in [1, 5]), list((a, b) for a in range(3) for b in range(a) if (a + b) % 2), type((i for i in [])).__name__)


def source():
    print("source evaluated")
    return [1, 2]


g = (print("item", i) or i for i in source())
print("made")
print(next(g), list(g))
try:
    g = (i for i in 5)
    print("not checked before iteration")
    next(g)
except TypeError as e:
    print(e)
k = 10
h = (i * k for i in [1, 2])
k = 100
print(list(h), dict((i, i + 1) for i in range(2)), set(i % 2 for i in range(5)) == {0, 1}, tuple(i for i in "ab"), max((len(w), w) for w in ["aa", "b"]), ",".join(str(i) for i in range(3)), list(map(lambda f: f(), [lambda i=i: i for i in range(2)])))
gen = ((i, j) for i in range(2) for j in (k for k in range(i + 1)))
print(list(gen), next((i for i in range(9) if i > 5), None), sum(1 for _ in range(7)), list(((a for a in range(b)) for b in [2]).__next__()))


class C:
    n = 3
    made = list(i for i in range(n))


print(C.made, g.__name__, C.__dict__["made"])
nums = [3, 1, 2]
it = (n for n in nums)
nums.append(4)
print(list(it), [*(i for i in "ab")], (lambda *a: a)(*(i for i in range(2))), (i for i in range(3)).__next__(), min((abs(i - 5), i) for i in [1, 4, 9]))
