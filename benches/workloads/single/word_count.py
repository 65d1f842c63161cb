# Words of a text counted and ranked: split, lower, strip, a dict, and a sort by two keys.
TEXT = """The lock was one and the threads were many. Each thread asked the lock, and the lock said: wait.
When the lock was gone each thread asked the object, and most objects had nobody else to answer to; so the
threads went on. Only where many threads wanted one object did they wait, and there they waited longer than before."""


def run(n):
    total = 0
    for turn in range(n):
        counts = {}
        for word in TEXT.split():
            word = word.strip(".,;:").lower()
            counts[word] = counts.get(word, 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for place, (word, count) in enumerate(ranked[:10]):
            total += (place + 1) * count * len(word)
        total += turn % 3
    return total
