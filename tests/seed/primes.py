"""Counting primes in slices, one thread a slice, against one thread for all."""
import threading
import time


def count_primes(low, high):
    count = 0
    for n in range(max(low, 2), high):
        d = 2
        while d * d <= n:
            if n % d == 0:
                break
            d += 1
        else:
            count += 1
    return count


class Slice(threading.Thread):
    def __init__(self, low, high):
        super().__init__()
        self.low, self.high, self.count = low, high, None

    def run(self):
        self.count = count_primes(self.low, self.high)


LIMIT = 20000
start = time.perf_counter()
alone = count_primes(0, LIMIT)
slices = [Slice(low, low + LIMIT // 8) for low in range(0, LIMIT, LIMIT // 8)]
for s in slices:
    s.start()
for s in slices:
    s.join()
print(f"{alone} primes below {LIMIT}; slices: {[s.count for s in slices]}; sum {sum(s.count for s in slices)}")
print("took some time:", time.perf_counter() - start > 0)
