# Map and reduce: each thread counts the words of its documents in its own dict; the dicts are merged under a lock.
import threading

VOCABULARY = ["lock", "thread", "count", "object", "wait", "share", "own", "read", "write", "merge", "world", "stop", "go"]


class Shared:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {}


def document(seed):
    words = []
    for _ in range(60):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        words.append(VOCABULARY[(seed >> 8) % len(VOCABULARY)])
    return " ".join(words)


def setup(n, threads):
    return Shared()


def work(shared, index, n, threads):
    counts = {}
    for seed in range(index, n, threads):
        for word in document(seed).split():
            counts[word] = counts.get(word, 0) + 1
    with shared.lock:
        for word, count in counts.items():
            shared.counts[word] = shared.counts.get(word, 0) + count
    return len(counts)


def check(shared, parts):
    total = 0
    for place, word in enumerate(sorted(shared.counts)):
        total += (place + 1) * shared.counts[word]
    return total
