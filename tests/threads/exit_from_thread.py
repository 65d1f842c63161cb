# status: 5
# os._exit from a thread, while the others compute, block and collect.
import gc
import os
import threading
import time

lock = threading.Lock()
lock.acquire()


def spin():
    while True:
        [i for i in range(100)]


def collect():
    while True:
        gc.collect()


for f in (spin, collect, lock.acquire):
    threading.Thread(target=f).start()


def leave():
    time.sleep(0.1)
    os.write(1, b"leaving\n")
    os._exit(5)


threading.Thread(target=leave).start()
spin()
