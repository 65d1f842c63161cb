# A generator is run by one thread at a time; the second one gets ValueError.
from support import together

n = 20000


def numbers():
    for i in range(n):
        yield i


g = numbers()


def pull():
    mine = []
    while True:
        try:
            mine.append(next(g))
        except ValueError as e:
            assert str(e) == "generator already executing"
        except StopIteration:
            return mine


parts = together(pull, pull, pull, pull)
assert sorted(x for part in parts for x in part) == list(range(n))
print("ok")
