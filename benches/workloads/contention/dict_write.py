# Every thread sets keys of one shared dict, each keys of its own, which it finds there at the end with what it set last.
def setup(n, threads):
    return {}


def work(table, index, n, threads):
    first = n * 10 * index // threads
    last = n * 10 * (index + 1) // threads
    for i in range(first, last):
        table[index * 64 + (i & 63)] = i
    wrong = 0
    for i in range(max(first, last - 64), last):
        if table[index * 64 + (i & 63)] != i:
            wrong += 1
    return last - first + wrong * 1000000007


def check(table, parts):
    return sum(parts)
