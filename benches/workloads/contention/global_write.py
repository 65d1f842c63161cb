# Every thread writes one global dict, each under keys of its own.
TABLE = {}


def setup(n, threads):
    TABLE.clear()
    return None


def work(shared, index, n, threads):
    keys = ["%d:%d" % (index, i) for i in range(16)]
    for i in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        TABLE[keys[i & 15]] = i
    return len(keys)


def check(shared, parts):
    return sum(TABLE.values()) + len(TABLE) - sum(parts)
