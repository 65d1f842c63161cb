# A pipeline of eight stages over queues with a condition each. Every thread serves one queue; a packet wanders from
# queue to queue until it has passed all stages. The realistic middle: computing, waiting and waking.
import threading

STAGES = 8


class Inbox:
    def __init__(self):
        self.ready = threading.Condition(threading.Lock())
        self.packets = []

    def put(self, packet):
        with self.ready:
            self.packets.append(packet)
            self.ready.notify()

    def take(self):
        with self.ready:
            while not self.packets:
                self.ready.wait()
            return self.packets.pop()


class Shared:
    def __init__(self, n, threads):
        self.inboxes = [Inbox() for _ in range(threads)]
        self.lock = threading.Lock()
        self.left = n
        self.total = 0
        for seed in range(n):
            self.inboxes[seed % threads].packets.append((seed % threads, 0, seed))


def stage(value):
    for i in range(150):
        value = (value * 31 + i) % 65521
    return value


def setup(n, threads):
    return Shared(n, threads)


def work(shared, index, n, threads):
    inbox = shared.inboxes[index]
    handled = 0
    while True:
        place, passed, value = inbox.take()
        if passed < 0:
            return handled
        value = stage(value)
        handled += 1
        if passed + 1 < STAGES:
            place = (place + 1) % threads
            shared.inboxes[place].put((place, passed + 1, value))
            continue
        with shared.lock:
            shared.total += value
            shared.left -= 1
            last = shared.left == 0
        if last:
            for other in shared.inboxes:
                other.put((0, -1, 0))


def check(shared, parts):
    return shared.total * 10 + sum(parts) % 10
