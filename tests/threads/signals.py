# Signals while threads compute, block and collect: handlers run in the main thread only, none is lost, and one that
# arrives inside a handler is served too.
import gc
import os
import signal
import threading
import time

main = threading.main_thread()
seen, wrong = [], []
stop = False


def handler(number, frame):
    if threading.current_thread() is not main:
        wrong.append(threading.current_thread())
    seen.append(number)
    if number == signal.SIGUSR1:
        os.kill(os.getpid(), signal.SIGUSR2)
        # Both while the handler runs and after it: served before the next statement of the program.
        for _ in range(10):
            len(seen)


def computes():
    while not stop:
        [i * i for i in range(50)]


def collects():
    while not stop:
        gc.collect()
        time.sleep(0.002)


for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
    signal.signal(number, handler)
threads = [threading.Thread(target=f) for f in (computes, computes, collects)]
for t in threads:
    t.start()


def until(condition, seconds=100):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pass
    assert condition(), seen


ROUNDS = 100
for i in range(ROUNDS):
    os.kill(os.getpid(), signal.SIGUSR1)
    until(lambda: seen.count(signal.SIGUSR1) == i + 1 and seen.count(signal.SIGUSR2) == i + 1)

# One that arrives as the very last act of a handler, and whose turn in the order of numbers has passed.
signal.signal(signal.SIGUSR2, lambda number, frame: os.kill(os.getpid(), signal.SIGHUP))
signal.signal(signal.SIGHUP, handler)
for i in range(ROUNDS):
    os.kill(os.getpid(), signal.SIGUSR2)
    until(lambda: seen.count(signal.SIGHUP) == i + 1)

# From another thread, while the main thread sleeps, waits for a lock, and joins.
def kills():
    time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGALRM)


lock = threading.Lock()
lock.acquire()
for wait in (lambda: time.sleep(0.1), lambda: lock.acquire(timeout=0.1), lambda: threads[0].join(0.1)):
    before = seen.count(signal.SIGALRM)
    k = threading.Thread(target=kills)
    k.start()
    wait()
    k.join()
    until(lambda: seen.count(signal.SIGALRM) == before + 1)
stop = True
for t in threads:
    t.join()
assert not wrong
print("ok")
