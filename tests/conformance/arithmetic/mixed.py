# Mixed int, float and bool.
print(1 + 1.0, 1.5 + True, 3 * 0.5, 2 ** 62 + 0.5, 2 ** 70 * 1.0, 10 ** 20 - 1e20, 7 // 2.0, 7 % 2.5, -7 % 2.5, 2 ** 0.5 * 2 ** 0.5)
print(True + True, True - 2, True / 2, True // 2, True ** 2, -True, ~True.__int__(), True < 2, True == 1.0, False == 0)
print(sum([True, True, 1.5]), max(1, 1.0), max(1.0, 1), min(True, 1), type(max(1, True)).__name__)
n = 0
for i in range(10):
    n += 0.1
print(n, n == 1.0, abs(n - 1.0) < 1e-9)
x = 1
for i in range(70):
    x = x * 2
print(x, x / 2 ** 69)
x = 1.0
while x + 1 != x:
    x *= 2
print(x)
