"""Dining philosophers who take the lower fork first: nobody starves, nothing locks up."""
import threading

forks = [threading.Lock() for _ in range(5)]
meals = [0] * 5


def philosopher(i):
    left, right = sorted((i, (i + 1) % 5))
    for _ in range(400):
        with forks[left]:
            with forks[right]:
                meals[i] += 1


threads = [threading.Thread(target=philosopher, args=(i,), name=f"philosopher {i}") for i in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(meals, all(not f.locked() for f in forks))
