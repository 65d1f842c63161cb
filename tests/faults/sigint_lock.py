import threading
lock = threading.Lock()
lock.acquire()
print("ready", flush=True)
lock.acquire()
