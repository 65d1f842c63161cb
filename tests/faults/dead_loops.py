# Two threads that never end.
import threading


def loop():
    while True:
        pass


threading.Thread(target=loop, daemon=True).start()
print("ready", flush=True)
loop()
