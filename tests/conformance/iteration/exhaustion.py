# Exhausted iterators stay exhausted; two loops share one iterator.
it = iter(range(6))
for x in it:
    print(x, next(it))
print(list(it), next(it, None))
pairs = list(zip(*[iter("abcdef")] * 2))
print(pairs)
z = zip([1, 2], [3, 4])
print(list(z), list(z))
g = (x for x in [1, 2, 3])
print(2 in g, list(g), list(g))
it = iter("abc")
first, *rest = it
print(first, rest, list(it))
nested = [(i, j) for i in range(2) for j in "ab"]
print(nested)
a = iter([1, 2, 3, 4])
print([(x, next(a, "end")) for x in a])
print(max(iter([1, 9, 3])), sorted(iter("cab")), " ".join(iter(["x", "y"])), dict(iter([(1, 2)])), set(iter([1])), list(map(next, [iter("a"), iter("b")])))
d = {"a": 1}
i1, i2 = iter(d), iter(d)
print(next(i1), next(i2), next(i1, "-"))
e = enumerate("ab")
next(e)
print(list(e), list(e), iter([]).__length_hint__(), [x for x in iter(int, 0)])
