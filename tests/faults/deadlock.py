# A thread ends without releasing the lock: the others wait for ever.
import threading
lock = threading.Lock()


def take(i):
    lock.acquire()
    print("taken by", i, flush=True)
    if i == 1:
        return
    lock.release()


for i in range(3):
    threading.Thread(target=take, args=(i,)).start()
