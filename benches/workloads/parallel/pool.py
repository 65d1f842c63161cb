# A thread pool: jobs of very different sizes in one shared list, taken under a lock; results returned under the same lock.
import threading


class Shared:
    def __init__(self, n):
        self.lock = threading.Lock()
        self.jobs = list(range(n))
        self.results = {}


def collatz(start):
    steps = 0
    while start != 1:
        if start % 2:
            start = 3 * start + 1
        else:
            start //= 2
        steps += 1
    return steps


def setup(n, threads):
    return Shared(n)


def work(shared, index, n, threads):
    done = 0
    while True:
        with shared.lock:
            if not shared.jobs:
                return done
            job = shared.jobs.pop()
        steps = 0
        for start in range(job % 50 + 1, job % 50 + 6):
            steps += collatz(start)
        with shared.lock:
            shared.results[job] = steps
        done += 1


def check(shared, parts):
    return sum(shared.results.values()) * 10 + (sum(parts) - len(shared.results))
