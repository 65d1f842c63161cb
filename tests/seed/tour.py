"""A guided tour with sections and text art, as teaching scripts print it."""
import sys
import threading
import time


def section(title):
    print("=" * 60)
    print(title.center(60))
    print("=" * 60)


def basics():
    """One lock for the whole interpreter, or none."""
    section("Basics 📚")
    print(basics.__doc__)
    print(f"Python {sys.version_info.major}.{sys.version_info.minor >= 13}, switch interval {sys.getswitchinterval()} s")
    print(f"threads: {threading.active_count()}, main: {threading.current_thread().name}")


def timed(label, function, *args):
    start = time.perf_counter()
    result = function(*args)
    seconds = time.perf_counter() - start
    print(f"  {label:<20} result={result!r:<10} measured={'yes' if seconds >= 0 else 'no'}")


def count_down(n):
    while n > 0:
        n -= 1
    return "done"


def in_threads(k, n):
    threads = [threading.Thread(target=count_down, args=(n // k,)) for _ in range(k)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return k


def main():
    basics()
    section("Counting ⏱️")
    timed("alone", count_down, 50_000)
    for k in (1, 2, 4):
        timed(f"{k} thread(s)", in_threads, k, 50_000)
    section("Mixed")
    results, lock = [], threading.Lock()

    def mixed(i, compute, pause):
        n = 0
        for _ in range(compute):
            n += 1
        time.sleep(pause)
        with lock:
            results.append((i, n))

    workers = [threading.Thread(target=mixed, args=(i, 10_000, 0.02)) for i in range(3)]
    [w.start() for w in workers]
    [w.join() for w in workers]
    print(sorted(results))
    print("\n✓ finished\n")


if __name__ == "__main__":
    main()
