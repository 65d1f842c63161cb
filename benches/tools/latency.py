#!/usr/bin/env python3
"""What a thread suffers from its neighbours: runs on any interpreter, needs nothing but the standard library.

    latency.py pauses   [OBJECTS [THREADS [COLLECTIONS]]]   stops of the world and collections on a large heap
    latency.py wake     [THREADS [SECONDS]]                 how late a sleeper wakes while others compute
    latency.py handover [SECONDS]                           from one computing thread's last sign to the other's first
    latency.py share    [THREADS [SECONDS]]                 what each of some computing threads gets done

Prints a line of JSON: microseconds at p50, p99 and the maximum, and a histogram by powers of two. With --raw, which
`cargo lab` gives, it has every sample too, in the order of time.
"""
import gc
import json
import operator
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
    """Starts threads that run job(stop, out, index) until the returned function is called; that answers their lists."""
    stop, outs = [], [[] for _ in range(threads)]
    started = threading.Barrier(threads + 1)

    def body(index):
        started.wait()
        job(stop, outs[index], index)

    members = [threading.Thread(target=body, args=(index,)) for index in range(threads)]
    for t in members:
        t.start()
    started.wait()

    def end():
        stop.append(True)
        for t in members:
            t.join()
        return outs
    return end


LEAST = 20e-6  # no shorter gap is told from the look at the clock


def gaps(stop, out, index):
    """When and how long this thread, which only reads the clock, was not running."""
    clock, last = time.perf_counter, time.perf_counter()
    while True:
        now = clock()
        if now - last > LEAST:
            out.append((last, now))
        last = now
        if stop:
            return


def spin(stop, out, index):
    n = 0
    while not stop:
        n += 1
    out.append(n)


# From one clock to the other no bytecode may run: a thread that waits for the lock would take it there for an interval.
call = getattr(operator, "call", lambda function: function())


def pauses(objects=1_000_000, threads=1, collections=20):
    gc.disable()
    nodes = heap(objects)
    whole = []
    end = run_beside(threads, gaps)
    time.sleep(0.05)  # until all of them look at the clock
    for _ in range(collections):
        for _ in range(100):
            cycle = []
            cycle.append(cycle)
        start, _, stop = map(call, (time.perf_counter, gc.collect, time.perf_counter))
        whole.append((start, stop))
        time.sleep(0.01)
    outs = end()
    # The longest gap of each thread that has an instant in common with the collection.
    stall = [
        max((e - s for s, e in out if s < stop and e > start), default=LEAST) for start, stop in whole for out in outs
    ]
    return {"objects": len(nodes) * 2}, {"collection": [stop - start for start, stop in whole], "stall": stall}


def wake(threads=1, seconds=5.0):
    end = run_beside(threads, spin)
    late, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        before = time.perf_counter()
        time.sleep(0.001)
        late.append(time.perf_counter() - before - 0.001)
    end()
    return {}, {"late": late}


def handover(seconds=1.0):
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return {}, {"handover": []}  # both run all the time: a gap is the system's doing
    stamps, stopped = [0.0, 0.0], sys.getswitchinterval() / 2

    def stamp(stop, out, index):
        clock, other, last = time.perf_counter, 1 - index, time.perf_counter()
        while not stop:
            now = clock()
            if now - last > stopped:
                out.append(max(0.0, now - stamps[other]))
            stamps[index] = last = now

    end = run_beside(2, stamp)
    time.sleep(seconds)
    return {}, {"handover": [s for out in end() for s in out]}


def share(threads=2, seconds=1.0):
    end = run_beside(threads, spin)
    time.sleep(seconds)
    done = [out[0] for out in end()]
    return {"shares": [round(n / sum(done), 4) for n in done], "done": done}, {}


def main():
    words = [word for word in sys.argv[1:] if word != "--raw"]
    tools = {"pauses": pauses, "wake": wake, "handover": handover, "share": share}
    what = tools.get(words[0] if words else "")
    if what is None:
        sys.exit(__doc__)
    kinds = what.__defaults__
    args = [type(kind)(text) for kind, text in zip(kinds, words[1:])]
    result = {"tool": what.__name__, "arguments": args, "python": sys.version.split()[0]}
    facts, samples = what(*args)
    result.update(facts)
    for name in samples:
        result[name] = summary(samples[name])
    if "--raw" in sys.argv:
        result["microseconds"] = {name: [round(s * 1e6, 1) for s in samples[name]] for name in samples}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
