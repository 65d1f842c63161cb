# A thread ends, its objects live on: others read, change and drop them while new threads take its place in memory.
import gc
import threading
import weakref

N, WAVES = 8, 12
dead = []


class Thing:
    def __init__(self, i):
        self.i = i
        self.list = [i] * 10
        self.dict = {k: (i, k) for k in range(10)}

    def __del__(self):
        dead.append(self.i)


class Cycle(Thing):
    def __init__(self, i):
        super().__init__(i)
        self.me = self


def numbers(i):
    thing = Thing(i)
    yield thing
    yield thing.i


def getter(thing):
    return lambda: thing.i


box, refs = [], []
made = 0


def maker(first):
    for i in range(first, first + 20):
        thing = (Thing, Cycle)[i % 2](i)
        gen = numbers(-1 - i)
        next(gen)
        refs.append(weakref.ref(thing))
        box.append((thing, gen, getter(thing)))


def user(start):
    for k in range(start, len(box), N):
        thing, gen, f = box[k]
        assert thing.i == f() and thing.list == [thing.i] * 10
        assert thing.dict[3] == (thing.i, 3) and next(gen) == -1 - thing.i
        thing.list.append(thing)
        thing.list.pop()
        thing.dict["new"] = [k]
        box[k] = None


def run(target, args):
    threads = [threading.Thread(target=target, args=(a,)) for a in args]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


for wave in range(WAVES):
    run(maker, [made + 20 * i for i in range(N)])
    made += 20 * N
    run(user, range(N))
    box.clear()
    run(int, range(N))
gc.collect()
gc.collect()
assert sorted(n for n in dead if n >= 0) == list(range(made)), (len(dead), made)
assert sorted(-1 - n for n in dead if n < 0) == list(range(made))
assert all(r() is None for r in refs)
print("ok")
