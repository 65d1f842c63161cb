# Builds lists of pseudo-random numbers and sorts them: plain, backwards, and by a key function.
def build(count, seed):
    values = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append(seed >> 8)
    return values


def last_digits(value):
    return value % 1000


def run(n):
    total = 0
    for i in range(n):
        values = build(200, i + 1)
        values.sort()
        total += values[10]
        values.sort(reverse=True)
        total += values[20]
        by_key = sorted(values, key=last_digits)
        total += by_key[30]
        total += sum(by_key[::7])
    return total
