# A local variable keeps an object that everybody else has dropped: over polls, blocking, a stop of the world by another
# thread and by its own. What lies where the object lay would be something else by then.
import gc
import threading
import time

from support import hammer, rounds

n = rounds(60)
stop = threading.Event()


class Thing:
    __slots__ = ("a", "b", "other", "__weakref__")

    def __init__(self, a):
        self.a = a
        self.b = [a, (a, -a)]
        self.other = None


box = [Thing(0)]
turn = threading.Event()
dropped = threading.Event()
quiet = threading.Lock()


def check(thing, a):
    assert type(thing) is Thing and thing.a == a, (thing, a)
    assert thing.b == [a, (a, -a)] and thing.other is None


def over_polls():
    spare = 0
    for _ in range(300):
        spare += 1


def over_sleep():
    time.sleep(0.001)


def over_lock():
    with quiet:
        pass
    turn.wait(0.0005)


def over_own_stop():
    gc.collect()


def holder():
    """Loads the object, lets the other thread drop it, lives through something, and looks again."""
    for i in range(n):
        for through in (over_polls, over_sleep, over_lock, over_own_stop):
            thing = box[0]
            a = thing.a
            dropped.clear()
            turn.set()
            while not dropped.is_set():
                dropped.wait(0.001)
            through()
            check(thing, a)
            through()
            check(thing, a)
            del thing
    stop.set()
    turn.set()


def dropper():
    """Replaces the object, has memory that is free used again, and now and then stops the world."""
    a = 0
    while not stop.is_set():
        if turn.wait(0.01):
            turn.clear()
            a += 1
            box[0] = Thing(a)
            for k in range(30):
                box.append(Thing(-k))
            del box[1:]
            if a % 3 == 0:
                gc.collect()
            dropped.set()
    dropped.set()


def churn():
    """Retires so much that all threads are asked to pin anew, and fills what becomes free."""
    mine = []
    shared = churned
    while not stop.is_set():
        for k in range(50):
            shared.append(Thing(k))
            mine.append(Thing(k))
        del shared[:], mine[:]
        gone = {i: Thing(i) for i in range(20)}
        shared.append(gone)
        del gone


churned = []
hammer(holder, dropper, churn)
print("ok")
