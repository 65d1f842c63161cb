# A list iterator follows the list as it changes.
a = [1, 2, 3, 4]
seen = []
for x in a:
    seen.append(x)
    if x == 2:
        a.remove(2)
    if len(seen) < 3:
        a.append(x * 10)
print(seen, a)
it = iter(a)
next(it)
a.clear()
print(list(it), next(it, "done"))
a.append(1)
print(next(it, "still done"))
b = [1, 2, 3]
for i, x in enumerate(b):
    b[i] = x * 2
print(b)
c = [0]
for x in c:
    if x < 5:
        c.append(x + 1)
print(c)
r = reversed(c)
print(next(r), next(r), list(r), next(r, None))
d = [3, 1, 2]
print([d.pop() for _ in range(len(d))], d)
e = [[]]
e[0].append(e)
print(e, e[0][0] is e)
