# Condition: wait, notify, notify_all, wait_for, a bounded buffer.
import threading
from collections import deque


class Buffer:
    def __init__(self, size):
        self.items, self.size, self.cond = deque(), size, threading.Condition()

    def put(self, x):
        with self.cond:
            while len(self.items) >= self.size:
                self.cond.wait()
            self.items.append(x)
            self.cond.notify_all()

    def get(self):
        with self.cond:
            self.cond.wait_for(lambda: self.items)
            x = self.items.popleft()
            self.cond.notify_all()
            return x


buf, got = Buffer(3), []


def produce(base):
    for i in range(50):
        buf.put(base + i)


def consume():
    for _ in range(50):
        got.append(buf.get())


ts = [threading.Thread(target=f, args=a) for f, a in ((produce, (0,)), (produce, (100,)), (consume, ()), (consume, ()))]
[t.start() for t in ts]
[t.join() for t in ts]
print(len(got), sorted(got) == list(range(50)) + list(range(100, 150)), len(buf.items))
c = threading.Condition()
for f in (c.wait, c.notify, c.release):
    try:
        f()
    except RuntimeError as e:
        print(e)
with c:
    print(c.wait(0.01), c.wait_for(lambda: False, timeout=0.01), c.wait_for(lambda: "ready"), c.notify(), c.notify_all())
turn, log = 0, []
cond = threading.Condition()


def player(me, n):
    global turn
    for i in range(3):
        with cond:
            while turn % n != me:
                cond.wait()
            log.append((me, i))
            turn += 1
            cond.notify_all()


ps = [threading.Thread(target=player, args=(i, 3)) for i in range(3)]
[t.start() for t in ps]
[t.join() for t in ps]
print(log)
