# status: 3
# The main thread is done while others block: the program waits for them, runs atexit functions after them, and then
# ends with the status of sys.exit. A thread's SystemExit ends that thread only.
import atexit
import sys
import threading
import time

order = []
event = threading.Event()
lock = threading.Lock()
lock.acquire()


def waits_for_lock():
    with lock:
        order.append("lock")
    event.set()


def waits_for_event():
    event.wait()
    order.append("event")


def exits():
    sys.exit(9)


def releases():
    time.sleep(0.1)
    lock.release()


@atexit.register
def last():
    order.append("atexit")
    print(order, threading.active_count())


for f in (waits_for_lock, waits_for_event, exits, releases):
    threading.Thread(target=f).start()
sys.exit(3)
