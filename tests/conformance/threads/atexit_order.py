# status: 5
# Threads are joined before atexit handlers run; the status is the main thread's.
import atexit
import sys
import threading
import time
atexit.register(lambda: print("atexit"))


def work():
    time.sleep(0.03)
    print("thread ends", flush=True)


threading.Thread(target=work).start()
print("main exits", flush=True)
sys.exit(5)
