#!/usr/bin/env python3
"""What a thread suffers from its neighbours: runs on any interpreter, needs nothing but the standard library.

    latency.py pauses [OBJECTS [THREADS [COLLECTIONS]]]   stops of the world and collections on a large heap
    latency.py wake   [THREADS [SECONDS]]                 how late a sleeper wakes while others compute
    latency.py share  [THREADS [SECONDS]]                 what each of some computing threads gets done

Prints a line of JSON: microseconds at p50, p99 and the maximum, and a histogram by powers of two.
"""
import gc
import json
import sys
import threading
import time


def summary(samples):
    """Quantiles of seconds, in microseconds."""
    ordered = sorted(samples)
    if not ordered:
        return {"samples": 0}

    def at(q):
        return round(ordered[min(len(ordered) - 1, int(q * len(ordered)))] * 1e6, 1)

    histogram = {}
    for s in ordered:
        bucket = 1
        while bucket < s * 1e6:
            bucket *= 2
        histogram[bucket] = histogram.get(bucket, 0) + 1
    return {"samples": len(ordered), "p50": at(0.5), "p99": at(0.99), "max": round(ordered[-1] * 1e6, 1),
            "histogram": histogram}


class Node:
    __slots__ = ("next", "pair")

    def __init__(self, after):
        self.next = after
        self.pair = [after]


def heap(objects):
    """A graph of that many container objects, with cycles in it."""
    nodes, last = [], None
    for i in range(objects // 2):
        last = Node(last if i % 10 else None)
        nodes.append(last)
    return nodes


def run_beside(threads, job):
    """Starts threads that run job(stop, out) until the returned function is called; that answers their lists."""
    stop, outs = [], [[] for _ in range(threads)]
    started = threading.Barrier(threads + 1)

    def body(out):
        started.wait()
        job(stop, out)

    members = [threading.Thread(target=body, args=(out,)) for out in outs]
    for t in members:
        t.start()
    started.wait()

    def end():
        stop.append(True)
        for t in members:
            t.join()
        return outs
    return end


def gaps(stop, out):
    """How long this thread, which only reads the clock, was not running: gaps of more than 20 microseconds."""
    clock, last = time.perf_counter, time.perf_counter()
    while not stop:
        now = clock()
        if now - last > 20e-6:
            out.append(now - last)
        last = now


def spin(stop, out):
    n = 0
    while not stop:
        n += 1
    out.append(n)


def pauses(objects=1_000_000, threads=1, collections=20):
    gc.disable()
    nodes = heap(objects)
    whole, begun = [], []

    def tell(phase, info):
        if phase == "start":
            begun.append(time.perf_counter())
        else:
            whole.append(time.perf_counter() - begun.pop())

    gc.callbacks.append(tell)
    end = run_beside(threads, gaps)
    for _ in range(collections):
        for _ in range(100):
            cycle = []
            cycle.append(cycle)
        gc.collect()
        time.sleep(0.01)
    outs = end()
    gc.callbacks.remove(tell)
    # On a machine with more work than processors gaps have other reasons too: the longest ones count, one a collection.
    longest = [g for out in outs for g in sorted(out)[-collections:]]
    return {"objects": len(nodes) * 2, "collection": summary(whole), "stall": summary(longest)}


def wake(threads=1, seconds=5.0):
    end = run_beside(threads, spin)
    late, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        before = time.perf_counter()
        time.sleep(0.001)
        late.append(time.perf_counter() - before - 0.001)
    end()
    return {"late": summary(late)}


def share(threads=2, seconds=1.0):
    end = run_beside(threads, spin)
    time.sleep(seconds)
    done = [out[0] for out in end()]
    return {"shares": [round(n / sum(done), 4) for n in done], "loops": sum(done)}


def main():
    what = {"pauses": pauses, "wake": wake, "share": share}.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if what is None:
        sys.exit(__doc__)
    kinds = what.__defaults__
    args = [type(kind)(text) for kind, text in zip(kinds, sys.argv[2:])]
    result = {"tool": what.__name__, "arguments": args, "python": sys.version.split()[0]}
    result.update(what(*args))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
