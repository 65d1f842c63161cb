# Timer: runs later, can be cancelled.
import threading
import time
log = []
t = threading.Timer(0.02, log.append, args=("fired",))
t.start()
c = threading.Timer(600, log.append, ("never",))
c.start()
c.cancel()
t.join()
c.join()
print(log, isinstance(t, threading.Thread), t.finished.is_set())


def again(n):
    log.append(n)
    if n:
        nxt = threading.Timer(0.001, again, kwargs={"n": n - 1})
        nxt.start()
        nxt.join()


log.clear()
first = threading.Timer(0, again, [3])
start = time.monotonic()
first.start()
first.join()
print(log, time.monotonic() - start < 600)
