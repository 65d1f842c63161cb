"""What is left of the throughput when two threads write one shared object? Prints a table, an operation a row.

    cargo build --release -p interp-gil -p interp-nogil
    python3 benches/tools/shared_writes.py target/release/interp-nogil

One process an operation. In each round it makes a new object and lets one thread work on it for a second, *attached*: a
second thread wakes every millisecond and reads the object, so that it is shared; and then two threads together, the same
loop. The next round takes them in the other order. A thread works until its own second is over and looks at the clock every
200 operations. Afterwards nothing may be lost or doubled, or the program fails.

The marks are those of the project: two threads reach at least half of what one attached thread does, and the slower one has
at least a fifth of their operations, in the median of the rounds. Needs two free cores: the last column says how many the two threads
had. Takes about three minutes. Any Python 3 drives it.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

MARK_RATIO, MARK_SHARE = 0.5, 0.2


class Operation(NamedTuple):
    """Pieces of the program. Each thread has its own `i`, which counts on from `base`, 1024 numbers from `own`, and a sum, `seen`."""

    make: str  # the shared object
    work: str  # one operation on `shared`
    touch: str  # what the second thread reads
    check: str  # true if nothing was lost or doubled; `runs` has (base, operations, seen) of each thread


OPERATIONS = {
    "append to a list": Operation(
        "[]",
        "shared.append(i)",
        "len(shared)",
        "len(shared) == done and sum(shared) == numbers",
    ),
    "set keys of a dict": Operation(
        "{}",
        "shared[own + (i & 1023)] = i",
        "len(shared)",
        "len(shared) == sum(min(n, 1024) for base, n, seen in runs) and"
        " all(shared[(base >> 30) + (i & 1023)] == i for base, n, seen in runs for i in range(base + max(n - 1024, 0), base + n))",
    ),
    "pop from a deque": Operation(
        "collections.deque(range(FILL))",
        "seen += shared.popleft()",
        "len(shared)",
        "len(shared) == FILL - done and sum(shared) + taken == FILL * (FILL - 1) // 2",
    ),
    "take a lock": Operation(
        "threading.Lock()",
        "with shared: pass",
        "shared.locked()",
        "not shared.locked()",
    ),
    "increment under a lock": Operation(
        "Counter()",
        "with shared.lock: shared.value += 1",
        "shared.value",
        "shared.value == done",
    ),
    "set an attribute": Operation(
        "Counter()",
        "shared.value = i",
        "shared.value",
        "shared.value in [base + n - 1 for base, n, seen in runs]",
    ),
    "set a global": Operation(
        "None",
        "number = i",
        "number",
        "number in [base + n - 1 for base, n, seen in runs]",
    ),
    "put and get of a Queue": Operation(
        "queue.Queue()",
        "shared.put(i); seen += shared.get()",
        "shared.qsize()",
        "shared.empty() and taken == numbers",
    ),
    "next() of a count": Operation(
        "itertools.count()",
        "seen += next(shared)",
        "type(shared)",
        "next(shared) == done and taken == done * (done - 1) // 2",
    ),
}

PROGRAM = '''
import collections, itertools, queue, threading, time
FILL = 1 << 26
class Counter:
    def __init__(self): self.lock = threading.Lock(); self.value = 0
number = 0
def work(shared, base, barrier, runs):
    global number
    n, seen, own = 0, 0, base >> 30
    barrier.wait()
    begin = now = time.perf_counter()
    try:
        while now - begin < SECONDS:
            for i in range(base + n, base + n + 200):
                WORK
            n += 200
            now = time.perf_counter()
    except IndexError: # the deque is empty
        n = i - base
        now = time.perf_counter()
    runs.append((base, n, seen, begin, now))
def attend(shared, leave):
    while not leave:
        time.sleep(0.001)
        TOUCH
def sample(workers):
    shared, barrier, runs, leave = MAKE, threading.Barrier(workers), [], []
    threads = [threading.Thread(target=work, args=(shared, me << 40, barrier, runs)) for me in range(workers)]
    attendant = threading.Thread(target=attend, args=(shared, leave))
    if workers == 1: attendant.start()
    cpu = time.process_time()
    for t in threads: t.start()
    for t in threads: t.join()
    cpu = time.process_time() - cpu
    leave.append(True)
    if workers == 1: attendant.join()
    span = max(run[4] for run in runs) - min(run[3] for run in runs)
    runs = [run[:3] for run in runs]
    done, taken = sum(n for base, n, seen in runs), sum(seen for base, n, seen in runs)
    numbers = sum(n * base + n * (n - 1) // 2 for base, n, seen in runs)
    assert len(runs) == workers and CHECK, "lost or doubled"
    return done / span, min(n for base, n, seen in runs) / done, cpu / span
for round in range(ROUNDS):
    results = dict((workers, sample(workers)) for workers in ((1, 2) if round % 2 == 0 else (2, 1)))
    print(results[1][0], *results[2], flush=True)
'''


def measured(interpreter, name, rounds, seconds):
    """For each round: operations per second of one thread and of two, share of the slower of the two, cores of both."""
    program = PROGRAM
    for field, text in OPERATIONS[name]._asdict().items():
        program = program.replace(field.upper(), text)
    program = program.replace("ROUNDS", str(rounds)).replace("SECONDS", str(seconds))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w") as file:
            file.write(program)
        run = subprocess.run([interpreter, path], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{interpreter} failed on {name!r}:\n{run.stderr}")
    return [tuple(map(float, line.split())) for line in run.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds (default 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a sample takes (default 1)")
    parser.add_argument("interpreter")
    parser.add_argument("names", nargs="*", help="these operations only")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in OPERATIONS]
    if unknown:
        sys.exit(f"no such operation: {', '.join(unknown)}; there are: {', '.join(OPERATIONS)}")
    names = options.names or list(OPERATIONS)
    good = 0
    head = "operation | one thread, M/s | two threads, M/s | ratio | over the rounds | smaller share | over the rounds | cores"
    print(f"| {head} |")
    print("|---|---:|---:|---:|---|---:|---|---:|")
    for name in names:
        one, two, shares, cores = zip(*measured(options.interpreter, name, options.rounds, options.seconds))
        ratios = [b / a for a, b in zip(one, two)]
        ratio, share = statistics.median(ratios), statistics.median(shares)
        good += ratio >= MARK_RATIO and share >= MARK_SHARE
        rates = f"{statistics.median(one) / 1e6:.2f} | {statistics.median(two) / 1e6:.2f}"
        spans = [f"{min(values):.2f} to {max(values):.2f}" for values in (ratios, shares)]
        print(f"| {name} | {rates} | {ratio:.2f} | {spans[0]} | {share:.2f} | {spans[1]} | {statistics.median(cores):.2f} |", flush=True)
    print(f"\nNothing lost, nothing doubled. Both marks reached: {good} of {len(names)}.")


main()
