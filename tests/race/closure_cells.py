# Closures that share cells: values always whole, a lock makes the count exact.
import threading

from support import hammer, rounds

n = rounds(20000)


def make():
    value = (0, 0)
    count = 0
    lock = threading.Lock()

    def write(i):
        nonlocal value
        value = (i, -i)

    def read():
        a, b = value
        assert a == -b

    def bump():
        nonlocal count
        with lock:
            count += 1

    def total():
        return count
    return write, read, bump, total


write, read, bump, total = make()


def job(i):
    def run():
        for k in range(n):
            write(k * i)
            read()
            bump()
            (lambda: (read(), total()))()
    return run


hammer(*[job(i) for i in range(4)])
assert total() == 4 * n, total()
print("ok")
