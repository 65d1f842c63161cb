# Runaway recursion in threads, and deep recursion after raising the limit.
import sys
import threading
out = []


def endless(n):
    return endless(n + 1)


def work():
    try:
        endless(0)
    except RecursionError as e:
        out.append(str(e))


ts = [threading.Thread(target=work) for _ in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
print(out)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


sys.setrecursionlimit(20000)
print(depth(15000))
threading.stack_size(16 * 1024 * 1024)
t = threading.Thread(target=lambda: out.append(depth(15000)))
t.start()
t.join()
print(out[-1])
