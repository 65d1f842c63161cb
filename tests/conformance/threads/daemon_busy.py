# A busy daemon thread is stopped at exit, even in a computation.
import threading


def spin():
    n = 0
    while True:
        n += 1
        [i * i for i in range(10)]


for _ in range(3):
    threading.Thread(target=spin, daemon=True).start()
print("leaving")
