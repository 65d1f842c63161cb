# Conditions, events, queues and barriers under pressure.
import queue
import threading

from support import hammer, rounds

n = rounds(1500)
q = queue.Queue(4)
cond = threading.Condition()
turn = 0
seen = []
barrier = threading.Barrier(3)
phase = [0, 0, 0]


def put():
    for i in range(n):
        q.put(i)
    q.put(None)


def get():
    total = 0
    while (x := q.get()) is not None:
        total += x
    return total


def ping(me):
    def job():
        global turn
        for i in range(n // 4):
            with cond:
                cond.wait_for(lambda: turn % 2 == me)
                seen.append(me)
                turn += 1
                cond.notify_all()
    return job


def phases(me):
    def job():
        for i in range(n // 10):
            phase[me] += 1
            barrier.wait()
            assert phase == [i + 1] * 3, phase
            barrier.wait()
    return job


assert sum(hammer(put, get, put, get)[1::2]) == n * (n - 1)
hammer(ping(0), ping(1))
assert seen == [0, 1] * (n // 4)
hammer(phases(0), phases(1), phases(2))
print("ok")
