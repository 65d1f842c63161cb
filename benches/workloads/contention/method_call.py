# Every thread calls one shared bound method.
class Scale:
    def __init__(self, factor):
        self.factor = factor

    def apply(self, value):
        return value * self.factor


def setup(n, threads):
    return Scale(3).apply


def work(apply, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        total += apply(2)
    return total


def check(shared, parts):
    return sum(parts)
