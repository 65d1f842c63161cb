# A finaliser that makes an object of its own class comes to an end.
# by hand: where it ends differs
class C:
    def __del__(self):
        if alive:
            C()


alive = True
import sys
errors = []
sys.unraisablehook = lambda u: errors.append(u.exc_type.__name__)
C()
for _ in range(10):
    pass
alive = False
print(set(errors))
