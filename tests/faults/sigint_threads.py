# The main thread gets the signal, not the busy ones.
import threading


def spin():
    while True:
        pass


for _ in range(2):
    threading.Thread(target=spin, daemon=True).start()
try:
    print("ready", flush=True)
    spin()
except KeyboardInterrupt:
    print("interrupted", threading.current_thread().name)
