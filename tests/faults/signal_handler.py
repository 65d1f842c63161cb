# A handler written in Python.
import signal
import time
got = []
signal.signal(signal.SIGINT, lambda number, frame: got.append((number, frame is not None)))
print("ready", flush=True)
while not got:
    time.sleep(0.001)
print(got, signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)
