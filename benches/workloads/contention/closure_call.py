# Every thread calls one shared closure, which reads a shared cell.
def make(offset):
    def shift(value):
        return value + offset

    return shift


def setup(n, threads):
    return make(5)


def work(shift, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        total += shift(1)
    return total


def check(shared, parts):
    return sum(parts)
