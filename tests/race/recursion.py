# Deep recursion in many threads at once; RecursionError in each.
from support import hammer, rounds


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def endless(n):
    return endless(n + 1)


def job():
    for i in range(rounds(60)):
        assert depth(500) == 500
        try:
            endless(0)
        except RecursionError:
            pass
        else:
            raise AssertionError


hammer(job, job, job, job)
print("ok")
