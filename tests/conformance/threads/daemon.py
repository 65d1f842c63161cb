# A daemon thread does not keep the program alive; others do.
import threading
import time


def forever():
    while True:
        time.sleep(0.01)


def slow():
    ends.wait()
    time.sleep(0.05)
    print("the last word is the slow thread's", flush=True)


ends = threading.Event()
d = threading.Thread(target=forever, daemon=True)
d.start()
s = threading.Thread(target=slow)
s.start()
inherited = []


def child():
    inherited.append(threading.Thread(target=slow).daemon)


c = threading.Thread(target=child, daemon=True)
c.start()
c.join()
print(d.is_alive(), d.daemon, s.daemon, inherited)
print("main ends", flush=True)
ends.set()
