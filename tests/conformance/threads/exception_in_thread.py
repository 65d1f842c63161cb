# An exception in a thread is reported; the program goes on and ends with status 0.
import sys
import threading


def fails(x):
    return 1 // x


t = threading.Thread(target=fails, args=(0,), name="unlucky")
t.start()
t.join()
print("main goes on", t.is_alive())


def exits():
    print("exiting quietly", flush=True)
    sys.exit("not shown")


t = threading.Thread(target=exits)
t.start()
t.join()


def chained():
    try:
        {}["k"]
    except KeyError as e:
        raise ValueError("second") from e


t = threading.Thread(target=chained, name="chain")
t.start()
t.join()
print("end")
