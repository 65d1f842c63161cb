# Daemon threads of every kind are running when the program ends: it ends, with its status and its output.
import threading
import time

lock = threading.Lock()
lock.acquire()
shared, counts = [], {}


class Noisy:
    def __del__(self):
        counts["dead"] = counts.get("dead", 0) + 1


def computes():
    x = 0
    while True:
        x = (x * 31 + 7) % 1000003


def allocates():
    while True:
        shared.append([Noisy(), {}])
        if len(shared) > 100:
            shared.clear()


def sleeps():
    while True:
        time.sleep(0.001)


def blocks():
    lock.acquire()


def collects():
    import gc
    while True:
        gc.collect()


def sorts():
    while True:
        sorted(range(20000), key=lambda n: -n)


def starts():
    while True:
        t = threading.Thread(target=int, daemon=True)
        t.start()
        t.join()


def raises():
    while True:
        try:
            raise ValueError
        except ValueError:
            pass


def generates():
    while True:
        sum(n for n in range(1000))


for job in (computes, allocates, sleeps, blocks, collects, sorts, starts, raises, generates):
    threading.Thread(target=job, daemon=True).start()
time.sleep(0.3)
print("ok")
