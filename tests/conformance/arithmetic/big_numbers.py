# Long numbers: conversion to and from text, factorial, fibonacci, gcd, digits.
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


a, b = 0, 1
for _ in range(300):
    a, b = b, a + b
print(a)
print(factorial(100))
print(gcd(factorial(30), 2 ** 100), gcd(a, b))
print(str(3 ** 500) == "%d" % 3 ** 500, len(str(7 ** 1000)), sum(int(c) for c in str(2 ** 1000)))
n = int("123456789" * 12)
print(n, n % 10 ** 9, n // 10 ** 50, n * n % 1000000007, -n // 7, hex(n))
print(n > n - 1, n == int(str(n)), n != n + 1, -n < n, sorted([n, 0, -n, 2 ** 64]))
root = n
while root * root > n:
    root = (root + n // root) // 2
print(root, root * root <= n < (root + 1) ** 2)
