# Counts in a dict: get and set with string and integer keys, then a walk over the items.
WORDS = ["word%d" % (i * i % 61) for i in range(200)]


def run(n):
    total = 0
    for turn in range(n):
        counts = {}
        for word in WORDS:
            counts[word] = counts.get(word, 0) + 1
        lengths = {}
        for word in WORDS:
            size = len(word) + turn % 3
            if size in lengths:
                lengths[size] += 1
            else:
                lengths[size] = 1
        for word, count in counts.items():
            total += count * len(word)
        for size, count in lengths.items():
            total += size * count
    return total
