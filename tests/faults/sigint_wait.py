import threading
print("ready", flush=True)
threading.Event().wait()
