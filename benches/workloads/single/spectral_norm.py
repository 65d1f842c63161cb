# The largest singular value of the infinite matrix 1, 1/2, 1/3, ... by the power method: nested loops over lists of floats.
from math import sqrt

ORDER = 24


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    result = []
    for i in range(ORDER):
        total = 0.0
        for j in range(ORDER):
            total += entry(i, j) * v[j]
        result.append(total)
    return result


def transposed_times(v):
    result = []
    for i in range(ORDER):
        total = 0.0
        for j in range(ORDER):
            total += entry(j, i) * v[j]
        result.append(total)
    return result


def run(n):
    u = [1.0] * ORDER
    v = u
    for _ in range(n):
        v = transposed_times(times(u))
        largest = max(v)
        u = [x / largest for x in v]
    w = transposed_times(times(u))
    return sqrt(sum(a * b for a, b in zip(u, w)) / sum(a * a for a in u))
