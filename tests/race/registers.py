# A local variable keeps an object that everybody else has dropped: over polls, blocking, a stop of the world by another
# thread and by its own. What lies where the object lay would be something else by then.
import gc
import threading
import time
import weakref

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
    """Until what was free has been used again some times."""
    spare, until = 0, progress[0] + 4
    while progress[0] < until and spare < 1000000:
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
            # Waiting would count the register: who only polls looks until it has happened.
            while not dropped.is_set():
                if through is not over_polls:
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
    mine, shared, refs = [], dropped_too, []
    while not stop.is_set():
        # What it retired is looked at when it polls, and then used again.
        use(mine, shared, refs)
        if turn.is_set():
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
    mine, refs = [], []
    while not stop.is_set():
        use(mine, churned, refs)
        progress[0] += 1


def use(mine, shared, refs):
    for k in range(20):
        shared.append(Thing(k))
        mine.append(Thing(k))
    del shared[:], mine[:]
    # One that weak references know is not left to lie: it asks at once.
    watched = Thing(-1)
    shared.append(watched)
    refs.append(weakref.ref(watched))
    del watched, shared[:], refs[:]


churned, dropped_too, progress = [], [], [0]
hammer(holder, dropper, churn)
print("ok")
