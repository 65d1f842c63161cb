"""What the race programs share: threads that start together, errors that reach the main thread, the amount of work."""
import sys
import threading

SCALE = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0


#: Makes scale 1 about a second a program on CPython.
BASE = 8


def rounds(n):
    """n times the scale, at least 3."""
    return max(3, int(n * BASE * SCALE))


def hammer(*jobs, timeout=300):
    """Runs each job in its own thread, all starting at once; returns their results, or raises the first error."""
    barrier = threading.Barrier(len(jobs))
    results, errors = [None] * len(jobs), []

    def body(i, job):
        try:
            barrier.wait()
            results[i] = job()
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=body, args=(i, job)) for i, job in enumerate(jobs)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout)
        if t.is_alive():
            raise SystemExit("a thread hangs")
    if errors:
        raise errors[0]
    return results
