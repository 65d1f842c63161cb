# Share-nothing at its purest: every thread counts down its own share.
def setup(n, threads):
    return None


def work(shared, index, n, threads):
    left = n * 100 * (index + 1) // threads - n * 100 * index // threads
    turns = 0
    while left > 0:
        left -= 1
        turns += 1
    return turns


def check(shared, parts):
    return sum(parts)
