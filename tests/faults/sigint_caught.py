# KeyboardInterrupt can be caught; finally blocks run; the program ends with its own status.
import sys
import time
try:
    try:
        print("ready", flush=True)
        while True:
            time.sleep(0.001)
    finally:
        print("finally")
except KeyboardInterrupt as e:
    print("caught", repr(e))
    sys.exit(7)
