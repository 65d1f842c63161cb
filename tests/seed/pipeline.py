"""A pipeline of queues: read, parse, add up; a None ends each stage."""
import queue
import threading

lines, numbers, results = queue.Queue(5), queue.Queue(5), {}


def read():
    for i in range(200):
        lines.put(f"{i % 3},{i},{i * 2}")
    lines.put(None)


def parse():
    while (line := lines.get()) is not None:
        key, *values = map(int, line.split(","))
        numbers.put((key, values))
    numbers.put(None)


def add():
    while (item := numbers.get()) is not None:
        key, values = item
        results.setdefault(key, []).append(sum(values))


stages = [threading.Thread(target=f, name=f.__name__) for f in (read, parse, add)]
for s in stages:
    s.start()
for s in stages:
    s.join()
for key in sorted(results):
    print(key, len(results[key]), sum(results[key]), results[key][:3])
