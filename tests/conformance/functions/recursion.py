# Recursion, mutual recursion, deep but legal, default recursion limit.
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


def hanoi(n, a="A", b="B", c="C"):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)


def permute(xs):
    return [[x] + p for i, x in enumerate(xs) for p in permute(xs[:i] + xs[i + 1:])] if xs else [[]]


print(fib(18), even(100), odd(77), depth(900), ackermann(2, 3), hanoi(3), permute([1, 2, 3]), sys.getrecursionlimit())


def endless(n):
    return endless(n + 1)


for _ in range(3):
    try:
        endless(0)
    except RecursionError as e:
        print(type(e).__name__, e)
sys.setrecursionlimit(5000)
print(depth(4500), sys.getrecursionlimit())
for bad in (0, -5, "a"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
