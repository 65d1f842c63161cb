# Share-nothing: edit distances of pairs of words by Levenshtein's recurrence, each row of the table a list of one thread's own.
LENGTH = 20
LETTERS = "acgt"


def word(seed):
    letters = []
    for _ in range(LENGTH):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        letters.append(LETTERS[(seed >> 16) & 3])
    return letters


def distance(a, b):
    above = list(range(len(b) + 1))
    for i, left in enumerate(a):
        row = [i + 1]
        for j, right in enumerate(b):
            best = above[j] if left == right else above[j] + 1
            if row[j] + 1 < best:
                best = row[j] + 1
            if above[j + 1] + 1 < best:
                best = above[j + 1] + 1
            row.append(best)
        above = row
    return above[-1]


def setup(n, threads):
    return None


def work(shared, index, n, threads):
    total = 0
    for seed in range(index, n, threads):
        total += distance(word(seed * 2), word(seed * 2 + 1))
    return total


def check(shared, parts):
    return sum(parts)
