# __name__ tells a program from a module; a module's own namespace.
import guarded.tool
print(guarded.tool.ran, guarded.tool.__name__)
if __name__ == "__main__":
    print("this is main")
from guarded.tool import counter, bump
import guarded.tool as t
bump()
bump()
print(counter, t.counter)
t.counter = 100
bump()
print(t.counter, t.__dict__["counter"], vars(t)["ran"], "bump" in dir(t), t.__dict__ is vars(t))
import sys
print(sys.modules["__main__"].t is t, sys.modules["__main__"].counter)
del sys.modules["guarded.tool"]
import guarded.tool as fresh
print(fresh.counter, fresh is t)
t.new = "added"
print(t.new, getattr(t, "zzz", "none"), hasattr(fresh, "new"))
for f in (lambda: t.missing, lambda: delattr(t, "missing")):
    try:
        f()
    except AttributeError as e:
        print(e)
import importlib
print(importlib.reload(fresh) is fresh, fresh.counter)
m = type(sys)("made", "doc")
exec("x = 1\ndef f(): return x", m.__dict__)
print(m.f(), m.__name__, m.__doc__, repr(m))
