# if, while, for, pass, break, continue, else; conditional expressions; semicolons.
for n in range(-1, 3):
    if n < 0:
        print("negative", end=" ")
    elif n == 0:
        print("zero", end=" ")
    elif n == 1: print("one", end=" ")
    else:
        print("many", end=" ")
print(); x = 1; y = 2; print(x, y)
i = 0
while i < 10:
    i += 1
    if i == 3: continue
    if i == 6: break
    print(i, end=" ")
else:
    print("no else")
while i < 8: i += 1
else: print("else runs", i)
for a in range(3):
    for b in range(3):
        if b == 1:
            break
    else:
        print("inner else")
    if a == 1:
        break
else:
    print("outer else")
print(a, b)
for ch in "xyz":
    pass
for k, v in sorted({"b": 1, "a": 2}.items()): print(k, v)
if True: pass
if not (x and y): print("no")
elif x is not None and y not in (1, 3) or False: print("yes")
grade = lambda s: "A" if s >= 90 else "B" if s >= 80 else "C"
print([grade(s) for s in (95, 85, 10)], (1 if 0 else 2) + 3, [1, 2][True], "even" if 4 % 2 == 0 else "odd")
n, steps = 27, 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(steps)
total = 0
for i in range(1, 101):
    if i % 15 == 0:
        total += 15
    elif i % 5 == 0 or i % 3 == 0:
        total += 1
print(total); del total
while True:
    while True:
        break
    break
for i in []: print("never")
else: print("empty loop else")
x = (1 +
     2 + \
     3)
print(x, "a" "b"
      "c")
