"""One lock around the loop or one in the loop: the same sum."""
import threading
import time

total = 0
mutex = threading.Lock()


def around(n):
    global total
    mutex.acquire()
    for i in range(n):
        total += 1
    mutex.release()


def inside(n):
    global total
    for i in range(n):
        mutex.acquire()
        total += 1
        mutex.release()


for work in (around, inside):
    total = 0
    for _ in range(3):
        threading.Thread(target=work, args=(30000,)).start()
    while threading.active_count() > 1:
        time.sleep(0.005)
    print("%s: total = %d" % (work.__name__, total))
