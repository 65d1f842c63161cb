"""A lock that is released on every path, also the early one."""
import threading
import time

lock = threading.Lock()
prices = [30, 60, 80, 10]
seen = []


def look_up(index):
    lock.acquire()
    try:
        if index >= len(prices):
            seen.append(f"no price {index}")
            return
        seen.append(f"price {index}: {prices[index]}")
        time.sleep(0.005)
    finally:
        lock.release()


threads = [threading.Thread(target=look_up, args=(i,)) for i in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("\n".join(sorted(seen)))
