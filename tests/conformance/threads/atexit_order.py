# status: 5
# Threads are joined before atexit handlers run; the status is the main thread's.
import atexit
import sys
import threading
import time
exits = threading.Event()
atexit.register(lambda: print("atexit"))


def work():
    exits.wait()
    time.sleep(0.03)
    print("thread ends", flush=True)


threading.Thread(target=work).start()
print("main exits", flush=True)
exits.set()
sys.exit(5)
