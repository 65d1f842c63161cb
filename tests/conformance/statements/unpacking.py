# Unpacking assignment in every shape.
a, b = 1, 2
a, b = b, a
(c, d), [e, *f] = (1, 2), "xyz"
*g, h = range(4)
i, *j, k = [1, 2]
[l] = [5]
m, = (6,)
n = *"ab", *[1]
o = p = [0]
q, (r, (s, *t)), u = 1, (2, (3, 4, 5)), 6
print(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o is p, q, r, s, t, u)
x = [1, 2, 3]
y = 0
y, x[y] = 2, "index after"
print(x, y)


class O:
    pass


obj = O()
obj.v, x[0], *obj.rest = "abcd"
print(obj.v, x, obj.rest)
for one, (two, three) in [(1, (2, 3)), (4, (5, 6))]:
    print(one, two, three, end="; ")
for first, *others in ["abc", [1], (1, 2)]:
    print(first, others, end="; ")
print()
print([*range(2), *"a"], (*[1], 2), {*[1], *[1]}, {**{"a": 1}, "b": 2}, [*{"k": 1}], *[1, 2], *(3,))
d1, d2 = {"p": 1, "q": 2}
s1, s2 = "xy"
g1, g2 = (v for v in "gh")
print(d1, d2, s1, s2, g1, g2)


def gen():
    print("started")
    yield 1
    yield 2
    print("asked for a third")


v1, v2 = gen()
head, *tail = []  or [0]
print(v1, v2, head, tail)
() = []
[] = ()
a = b, c = 3, 4
print(a, b, c)
fib = 0, 1
for _ in range(5):
    fib = fib[1], sum(fib)
print(fib)
