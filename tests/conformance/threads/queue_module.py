# queue: Queue, LifoQueue, PriorityQueue, SimpleQueue, join.
import queue
import threading
q = queue.Queue(maxsize=2)
out = []


def consumer():
    while True:
        item = q.get()
        if item is None:
            q.task_done()
            break
        out.append(item * 2)
        q.task_done()


t = threading.Thread(target=consumer)
t.start()
for i in range(20):
    q.put(i)
q.put(None)
q.join()
t.join()
print(out, q.empty(), q.qsize(), q.full())
lifo, prio, simple = queue.LifoQueue(), queue.PriorityQueue(), queue.SimpleQueue()
for x in (3, 1, 2):
    lifo.put(x)
    prio.put(x)
    simple.put(x)
print([lifo.get() for _ in range(3)], [prio.get() for _ in range(3)], [simple.get() for _ in range(3)])
for f in (lambda: q.get_nowait(), lambda: q.get(timeout=0.01), lambda: q.task_done(), lambda: (q.put(1), q.put(2), q.put_nowait(3))):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
