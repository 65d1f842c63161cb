# RLock: re-entrant, owned.
import threading
r = threading.RLock()
print(r.acquire(), r.acquire(), r.release(), r.release())
for _ in range(2):
    with r:
        with r:
            with r:
                print("three deep", end="; ")
print()
try:
    r.release()
except RuntimeError as e:
    print(e)
r.acquire()
outcome = []


def other():
    outcome.append(r.acquire(blocking=False))
    outcome.append(r.acquire(timeout=0.01))
    try:
        r.release()
    except RuntimeError as e:
        outcome.append(str(e))


t = threading.Thread(target=other)
t.start()
t.join()
r.release()
print(outcome)


class Account:
    def __init__(self):
        self.lock, self.balance = threading.RLock(), 0

    def add(self, n):
        with self.lock:
            self.balance += n

    def twice(self, n):
        with self.lock:
            self.add(n)
            self.add(n)


acc = Account()
ts = [threading.Thread(target=lambda: [acc.twice(1) for _ in range(500)]) for _ in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
print(acc.balance)
