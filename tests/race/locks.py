# Lock, RLock, Semaphore and with statements: exact counts.
import threading

from support import hammer, rounds

n = rounds(10000)
lock, rlock, sem = threading.Lock(), threading.RLock(), threading.Semaphore(1)
count = {"lock": 0, "rlock": 0, "sem": 0, "try": 0}


def job():
    tried = 0
    for i in range(n):
        with lock:
            count["lock"] += 1
        with rlock:
            with rlock:
                count["rlock"] += 1
        if i % 4 == 0:
            with sem:
                count["sem"] += 1
        if lock.acquire(blocking=False):
            tried += 1
            try:
                count["try"] += 1
            finally:
                lock.release()
    return tried


tried = hammer(job, job, job, job)
assert count["lock"] == count["rlock"] == 4 * n, count
assert count["sem"] == 4 * len(range(0, n, 4)), count
assert count["try"] == sum(tried), count
print("ok")
