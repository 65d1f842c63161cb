# Fibonacci numbers by the doubly recursive definition: calls and returns.
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def run(n):
    total = 0
    for _ in range(n):
        total += fib(12)
    return total
