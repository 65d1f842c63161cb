# for over range: values after the loop, changed bounds, nesting, break and else.
for i in range(3):
    pass
print(i)
n = 3
for i in range(n):
    n = 10
print(i, n)
for i in range(3):
    print(i, end=" ")
    i = 100
print(i)
for i in range(0):
    print("never")
else:
    print("else", i)
for i in range(10):
    if i == 2:
        continue
    if i == 5:
        break
else:
    print("not printed")
print(i)
total = 0
for i in range(10):
    for j in range(i, -1, -2):
        if j == 4:
            break
        total += i * j
print(total)
for a, b in zip(range(3), range(10, 0, -4)):
    print(a, b, end="; ")
print([i for i in range(2 ** 61 - 1, 2 ** 61 + 2)], [i for i in range(3, -4, -3)])
it = iter(range(3))
print(next(it), list(it), next(it, "end"), [*range(2)], it.__length_hint__())
s = 0
i = 0
while True:
    i += 1
    if i % 2:
        continue
    s += i
    if i > 20:
        break
else:
    print("no")
print(s)
while i > 18:
    i -= 1
else:
    print("while else", i)
