# Event, Semaphore, BoundedSemaphore, Barrier.
import threading
import time
e = threading.Event()
print(e.is_set(), e.wait(0.01), e.set(), e.is_set(), e.wait(), e.clear(), e.is_set())
log = []
ts = [threading.Thread(target=lambda: (e.wait(), log.append("go"))) for _ in range(3)]
[t.start() for t in ts]
log.append("set")
e.set()
[t.join() for t in ts]
print(log)
s = threading.Semaphore(2)
print(s.acquire(), s.acquire(), s.acquire(blocking=False), s.acquire(timeout=0.01), s.release(), s.acquire(False), s.release(2))
active = peak = 0
guard = threading.Lock()


def limited():
    global active, peak
    with s:
        with guard:
            active += 1
            peak = max(peak, active)
        time.sleep(0.002)
        with guard:
            active -= 1


ts = [threading.Thread(target=limited) for _ in range(8)]
[t.start() for t in ts]
[t.join() for t in ts]
print(peak <= 2, active)
b = threading.BoundedSemaphore(1)
b.acquire()
b.release()
for f in (b.release, lambda: threading.Semaphore(-1)):
    try:
        f()
    except ValueError as err:
        print(err)
bar = threading.Barrier(3, action=lambda: rounds.append("round"))
rounds, indices = [], []


def phases():
    for _ in range(4):
        indices.append(bar.wait())


ts = [threading.Thread(target=phases) for _ in range(3)]
[t.start() for t in ts]
[t.join() for t in ts]
print(rounds, sorted(indices), bar.parties, bar.n_waiting, bar.broken)
broken = threading.Barrier(2)
try:
    broken.wait(timeout=0.01)
except threading.BrokenBarrierError as err:
    print("broken", broken.broken)
broken.reset()
print(broken.broken, broken.abort(), broken.broken)
