# status: 1
# When the main thread dies of an exception, the others still finish.
import threading
import time


def work():
    time.sleep(0.05)
    print("finished", flush=True)


threading.Thread(target=work).start()
raise ValueError("main dies")
