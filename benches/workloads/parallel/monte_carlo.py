# Share-nothing: pi by throwing darts, in blocks of a hundred with a generator of their own, so that the answer does not
# depend on who throws.
def block(seed):
    seed = (seed * 2654435761 + 1) & 0x7FFFFFFF
    hits = 0
    for _ in range(100):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        x = (seed >> 7) / 16777216.0
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        y = (seed >> 7) / 16777216.0
        if x * x + y * y <= 1.0:
            hits += 1
    return hits


def setup(n, threads):
    return None


def work(shared, index, n, threads):
    hits = 0
    for seed in range(index, n, threads):
        hits += block(seed)
    return hits


def check(shared, parts):
    return sum(parts)
