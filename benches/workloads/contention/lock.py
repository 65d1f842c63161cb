# Every thread takes and releases one shared lock and does nothing else.
import threading


def setup(n, threads):
    return threading.Lock()


def work(lock, index, n, threads):
    taken = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        with lock:
            taken += 1
    return taken


def check(lock, parts):
    return sum(parts)
