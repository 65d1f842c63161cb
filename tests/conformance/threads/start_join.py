# Thread: target, args, kwargs, subclass, join, results.
import threading
results = []


def work(a, b=0, *rest, k=None):
    results.append((a, b, rest, k))


t = threading.Thread(target=work, args=(1, 2, 3), kwargs={"k": "v"})
print(t.is_alive(), t.ident, t.daemon)
t.start()
t.join()
print(t.is_alive(), t.ident is not None, results)


class Worker(threading.Thread):
    def __init__(self, n):
        super().__init__(name=f"worker-{n}")
        self.n = n

    def run(self):
        self.result = sum(range(self.n))


workers = [Worker(n) for n in (10, 100, 1000)]
for w in workers:
    w.start()
for w in workers:
    w.join()
print([(w.name, w.result, w.is_alive()) for w in workers])
order = []
for i in range(5):
    t = threading.Thread(target=order.append, args=(i,))
    t.start()
    t.join()
print(order, threading.Thread().run(), t.join(), t.join(timeout=0.1))
for f in (t.start, threading.Thread().join, lambda: threading.Thread(5), lambda: threading.Thread(target=work, nope=1), threading.current_thread().join):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


def nested(depth):
    if depth:
        child = threading.Thread(target=nested, args=(depth - 1,))
        child.start()
        child.join()
    results.append(depth)


results.clear()
nested(5)
print(results)
totals = [0] * 4


def fill(i):
    for n in range(1000):
        totals[i] += n


threads = [threading.Thread(target=fill, args=(i,)) for i in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
print(totals)
