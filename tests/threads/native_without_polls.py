# One thread is inside a single native operation for a long time; another one asks for the world, or for the lock.
import gc
import threading
import time


def slow(bits):
    x = (1 << bits) - 3
    return x * x % (x - 4)


# As many bits as take this machine and build about a third of a second.
bits = 20000
while True:
    start = time.monotonic()
    slow(bits)
    if time.monotonic() - start > 0.3:
        break
    bits = bits * 3 // 2

results = []


def native():
    results.append(slow(bits))
    box = [1, 2, 3]
    results.append(box)


class Node:
    pass


for ask in (gc.collect, lambda: [Node() for _ in range(20000)], lambda: gc.get_objects(), lambda: time.sleep(0.01)):
    del results[:]
    t = threading.Thread(target=native)
    t.start()
    # Asked at least once: on a busy machine the operation may be over before this thread runs again.
    while True:
        ask()
        node = Node()
        node.me = node
        if not t.is_alive():
            break
    t.join()
    assert results == [slow(bits), [1, 2, 3]]
print("ok")
