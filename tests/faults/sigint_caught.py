# KeyboardInterrupt can be caught; finally blocks run; the program ends with its own status.
import sys
import time
print("ready", flush=True)
try:
    try:
        while True:
            time.sleep(0.001)
    finally:
        print("finally")
except KeyboardInterrupt as e:
    print("caught", repr(e))
    sys.exit(7)
