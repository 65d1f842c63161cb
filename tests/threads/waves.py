# Thousands of threads, started and joined in waves; each leaves an object behind and drops one of an earlier thread.
import gc
import threading
import weakref

WAVES, WIDTH = 120, 50


class Node:
    def __init__(self, i, before):
        self.i, self.before, self.me = i, before, self


left = {}
refs = []


def body(i):
    before = left.pop(i - WIDTH, None)
    if before is not None:
        assert before.i == i - WIDTH and before.me is before
        before.before = None
    node = Node(i, before)
    refs.append(weakref.ref(node))
    left[i] = node


for wave in range(WAVES):
    threads = [threading.Thread(target=body, args=(wave * WIDTH + i,)) for i in range(WIDTH)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
assert threading.active_count() == 1
assert len(refs) == WAVES * WIDTH
assert sorted(left) == list(range((WAVES - 1) * WIDTH, WAVES * WIDTH))
left.clear()
del threads
gc.collect()
gc.collect()
assert [r for r in refs if r() is not None] == []
print("ok")
