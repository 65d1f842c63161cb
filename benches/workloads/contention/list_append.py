# Every thread appends to and pops from one shared list. What goes in comes out, whoever takes it.
def setup(n, threads):
    return []


def work(items, index, n, threads):
    total = 0
    for i in range(n * 10 * index // threads, n * 10 * (index + 1) // threads):
        items.append(i & 15)
        total += items.pop()
    return total


def check(items, parts):
    return sum(parts) * 10 + len(items)
