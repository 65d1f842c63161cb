# threading.local: separate for each thread, subclass with __init__.
import threading
data = threading.local()
data.x = "main"
seen = {}


def work(n):
    seen[n, "before"] = hasattr(data, "x")
    data.x = n
    data.list = [n]
    barrier.wait()
    seen[n, "after"] = data.x, data.list, sorted(data.__dict__)


barrier = threading.Barrier(3)
ts = [threading.Thread(target=work, args=(i,)) for i in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(sorted(seen.items()), data.x, hasattr(data, "list"))


class Mine(threading.local):
    shared = "class attribute"

    def __init__(self, start):
        self.n = start

    def bump(self):
        self.n += 1
        return self.n


m = Mine(10)
out = []
print(m.bump(), m.bump(), m.shared)
t = threading.Thread(target=lambda: out.append((m.bump(), m.shared)))
t.start()
t.join()
print(out, m.n)
try:
    data.missing
except AttributeError as e:
    print(e)
del data.x
print(hasattr(data, "x"))


class Loud:
    def __del__(self):
        log.append("freed with its thread")


log = []


def holder():
    data.loud = Loud()


t = threading.Thread(target=holder)
t.start()
t.join()
print(log)
