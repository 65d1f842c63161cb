# status: 1
# finally runs before the traceback is printed; output order is kept.
import sys


def f():
    try:
        raise ValueError("one")
    finally:
        print("finally runs")


try:
    f()
except ValueError:
    print("handling")
    raise
finally:
    print("outer finally")
    sys.stdout.flush()
