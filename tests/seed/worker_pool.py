"""A pool of workers with retries: failing tasks are tried again, results arrive in any order."""
import threading
from collections import deque


class Pool:
    def __init__(self, size):
        self.tasks, self.results, self.failures = deque(), {}, {}
        self.cond = threading.Condition()
        self.open = True
        self.workers = [threading.Thread(target=self.work, name=f"pool-{i}") for i in range(size)]
        for w in self.workers:
            w.start()

    def submit(self, name, f, *args):
        with self.cond:
            self.tasks.append((name, f, args, 3))
            self.cond.notify()

    def work(self):
        while True:
            with self.cond:
                while not self.tasks:
                    if not self.open:
                        return
                    self.cond.wait()
                name, f, args, tries = self.tasks.popleft()
            try:
                value = f(*args)
            except Exception as e:
                with self.cond:
                    if tries > 1:
                        self.tasks.append((name, f, args, tries - 1))
                        self.cond.notify()
                    else:
                        self.failures[name] = f"{type(e).__name__}: {e}"
            else:
                self.results[name] = value

    def close(self):
        with self.cond:
            self.open = False
            self.cond.notify_all()
        for w in self.workers:
            w.join()


class Flaky:
    def __init__(self, fails):
        self.left = fails

    def __call__(self, x):
        if self.left:
            self.left -= 1
            raise ConnectionError("try again")
        return x * 10


pool = Pool(4)
for i in range(12):
    pool.submit(f"task{i:02}", Flaky(i % 4), i)
pool.submit("divide", lambda: 1 / 0)
pool.submit("missing", {}.__getitem__, "key")
pool.close()
print(sorted(pool.results.items()))
print(sorted(pool.failures.items()))
