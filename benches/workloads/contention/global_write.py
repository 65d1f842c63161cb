# Every thread writes one global dict, each under keys of its own, and finds there at the end what it wrote last.
TABLE = {}


def setup(n, threads):
    TABLE.clear()
    return None


def work(shared, index, n, threads):
    keys = ["%d:%d" % (index, i) for i in range(16)]
    first = n * 10 * index // threads
    last = n * 10 * (index + 1) // threads
    for i in range(first, last):
        TABLE[keys[i & 15]] = i
    wrong = 0
    for i in range(max(first, last - 16), last):
        if TABLE[keys[i & 15]] != i:
            wrong += 1
    return last - first + wrong * 1000000007


def check(shared, parts):
    return sum(parts)
