"""A counter without a lock may lose updates; with one it never does."""
import threading

N, THREADS = 20000, 8
counter = 0
lock = threading.Lock()


def unsafe():
    global counter
    for _ in range(N):
        counter += 1


def safe():
    global counter
    for _ in range(N):
        with lock:
            counter += 1


def run(target):
    global counter
    counter = 0
    threads = [threading.Thread(target=target) for _ in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return counter


print("unsafe: at most the expected number:", 2 <= run(unsafe) <= N * THREADS)
print("safe:", run(safe), "expected:", N * THREADS)
