# Every thread reads items of one shared list.
def setup(n, threads):
    return [[i] for i in range(64)]


def work(items, index, n, threads):
    total = 0
    for i in range(n * 10 * index // threads, n * 10 * (index + 1) // threads):
        item = items[i & 63]
        total += 1 if item else 0
    return total


def check(items, parts):
    return sum(parts)
