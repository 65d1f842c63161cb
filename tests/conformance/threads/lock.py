# Lock: acquire, release, timeout, with, errors.
import threading
import time
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.release(), lock.locked())
with lock:
    print(lock.locked())
print(lock.locked(), repr(lock).split(" object")[0].replace("_thread.lock", "LOCK"), type(lock.acquire(timeout=1)).__name__, lock.release())
for f in (lock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(timeout=-2), lambda: lock.acquire(timeout="x")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
counter = 0


def add():
    global counter
    for _ in range(2000):
        with lock:
            counter += 1


threads = [threading.Thread(target=add) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter)
lock.acquire()
log = []


def waits():
    log.append("waiting")
    with lock:
        log.append("got it")


t = threading.Thread(target=waits)
t.start()
while not log:
    time.sleep(0.001)
log.append("main releases")
lock.release()
t.join()
print(log)
lock.acquire()
other = threading.Thread(target=lock.release)
other.start()
other.join()
print("released by another thread:", not lock.locked())
try:
    with lock:
        raise ValueError("inside")
except ValueError:
    print(lock.locked())
