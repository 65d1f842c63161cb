# Every thread looks up keys of one global dict.
TABLE = {"key%d" % i: i for i in range(64)}


def setup(n, threads):
    return None


def work(shared, index, n, threads):
    keys = ["key%d" % i for i in range(64)]
    total = 0
    for i in range(n * 10 * index // threads, n * 10 * (index + 1) // threads):
        total += TABLE[keys[i & 63]]
    return total


def check(shared, parts):
    return sum(parts)
