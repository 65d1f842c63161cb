# Every thread adds to one shared counter under a lock.
import threading


class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0


def setup(n, threads):
    return Counter()


def work(counter, index, n, threads):
    turns = n * 10 * (index + 1) // threads - n * 10 * index // threads
    for _ in range(turns):
        with counter.lock:
            counter.value += 1
    return turns


def check(counter, parts):
    return counter.value * 10 + (counter.value - sum(parts))
