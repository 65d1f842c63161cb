"""A cache shared by threads: a decorator with a lock, hits and misses counted."""
import functools
import threading


def cached(f):
    store, lock = {}, threading.RLock()
    stats = {"hits": 0, "misses": 0}

    @functools.wraps(f)
    def wrapper(*args):
        with lock:
            if args in store:
                stats["hits"] += 1
                return store[args]
            stats["misses"] += 1
            store[args] = value = f(*args)
            return value
    wrapper.stats = stats
    return wrapper


@cached
def collatz(n):
    """Length of the chain."""
    return 1 if n == 1 else 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)


longest = {}


def work(low, high):
    longest[low] = max((collatz(n), n) for n in range(low, high))


threads = [threading.Thread(target=work, args=(low, low + 500)) for low in range(1, 2000, 500)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(max(longest.values()), collatz.__name__, collatz.__doc__)
print(collatz.stats["misses"], collatz.stats["hits"] > 0, sorted(longest.items()))
