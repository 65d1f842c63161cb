# One generator advanced by all threads: each value once, or `generator already executing`.
from support import hammer, rounds

n = rounds(40000)


def numbers():
    for i in range(n):
        yield i


g = numbers()
already = []


def pull():
    mine = []
    while True:
        try:
            mine.append(next(g))
        except ValueError as e:
            assert str(e) == "generator already executing", e
            already.append(1)
        except StopIteration:
            return mine


parts = hammer(pull, pull, pull)
assert sorted(x for part in parts for x in part) == list(range(n))


def closing():
    for i in range(rounds(300)):
        h = numbers()
        next(h)

        def use():
            try:
                next(h, None)
                h.close()
            except ValueError:
                pass
        hammer(use, use)


closing()


def echo():
    total = 0
    while True:
        total += (yield total) or 0


e = echo()
next(e)


def send():
    sent = 0
    while sent < n // 4:
        try:
            e.send(1)
            sent += 1
        except ValueError:
            pass


hammer(send, send)
assert next(e) == 2 * (n // 4)
print("ok")
