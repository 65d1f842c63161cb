# A finaliser that makes an object of its own class comes to an end.
import io
import sys


class C:
    def __del__(self):
        if alive:
            C()


alive = True
shown, sys.stderr = sys.stderr, io.StringIO()
C()
for _ in range(10):
    pass
alive = False
shown, sys.stderr = sys.stderr, shown
print("RecursionError" in shown.getvalue())
