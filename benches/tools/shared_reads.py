"""What does one read of what many threads share cost? Prints a table, an operation a row.

Writes to shared memory (atomic counts and locks) per operation, by the counters:

    cargo build --release -p interp-nogil --features counters
    python3 benches/tools/shared_reads.py target/release/interp-nogil

Each program is run twice on two threads, short and long; the difference is the steady state. Counts do not depend on the
machine.

Throughput of two threads over one thread, against the same of a loop that shares nothing, by the clock:

    cargo build --release -p interp-nogil
    python3 benches/tools/shared_reads.py --throughput target/release/interp-nogil

One process a read; in each round it takes a sample of both loops with one thread and with two, back and forth, so that both
see the same machine. Needs two free cores and takes about five minutes. Any Python 3 drives it.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

SETUP = '''
import threading, math, copy
class P:
    k = 7
    def __init__(self): self.x = 1; self.o = object()
    def m(self): return self.x
    @classmethod
    def c(cls): return 1
    @staticmethod
    def s(): return 1
    @property
    def pr(self): return self.x
class S:
    __slots__ = ("x", "o")
    def __init__(self): self.x = 1; self.o = object()
class D:
    def __get__(self, o, t): return 5
class U: d = D()
class CM:
    def __enter__(self): return self
    def __exit__(self, *a): return None
p = P(); s = S(); u = U(); cm = CM(); bm = p.m
ints = list(range(10)); objects = [object() for _ in range(10)]
by_int = {i: object() for i in range(10)}; by_str = {"a": object(), "b": 1}
frozen = frozenset(range(10)); numbers = (1, 2, 3); things = (object(), object(), object())
local = threading.local(); number = 5; thing = object()
def outer():
    v = 3; w = object()
    return lambda: v, lambda: w
closure, closure_object = outer()
def f(a): return a
def gen():
    yield 1
    yield 2
table = {int: f, list: f}
text = "".join(["some", " ", "shared", " ", "text"]); words = text.split(); letters = "".join(["sh", "ar"])
plain_set = set(range(10)); set_of_objects = set(objects); one = objects[3]
class Meta(type):
    def named(cls): return 1
class Made(metaclass=Meta): value = 1
class Base:
    def m(self): return 1
class Super(Base):
    def m(self): return super().m()
sup = Super()
class WithProperty:
    @property
    def pr(self): return 1
    @pr.setter
    def pr(self, value): pass
wp = WithProperty()
'''
OPERATIONS = {
    "call a function": "f(1)",
    "call with a keyword": "f(a=1)",
    "call a bound method": "bm()",
    "call a method of an instance": "p.m()",
    "call a closure": "closure()",
    "call a closure over an object": "closure_object()",
    "make an instance": "P()",
    "make an instance with slots": "S()",
    "class method": "P.c()",
    "static method": "P.s()",
    "property": "p.pr",
    "user descriptor": "u.d",
    "attribute": "p.x",
    "attribute, an object": "p.o",
    "slot": "s.x",
    "slot, an object": "s.o",
    "class attribute": "p.k",
    "module global": "number",
    "module global, an object": "thing",
    "constants": "('abc', 1.5, (1, 2, 'x'))",
    "list index": "ints[3]",
    "list index, an object": "objects[3]",
    "list iteration": "for z in ints: pass",
    "list iteration, objects": "for z in objects: pass",
    "dict by integer": "by_int[3]",
    "dict by string": "by_str['a']",
    "dict.get": "by_str.get('a')",
    "dict iteration": "for z in by_str: pass",
    "frozenset": "3 in frozen",
    "unpack a tuple": "a, b, c = numbers",
    "unpack a tuple of objects": "a, b, c = things",
    "context manager": "with cm: pass",
    "threading.local": "local.v",
    "generator": "for z in gen(): pass",
    "raise and catch": "try:\n            raise ValueError('x')\n        except ValueError: pass",
    "isinstance": "isinstance(p, P)",
    "len": "len(objects)",
    "math.sqrt": "math.sqrt(2.0)",
    "dispatch table": "table[type(i)](i)",
    "copy.copy": "copy.copy(numbers)",
    "generator expression": "sum(z for z in ints)",
    "attribute of a class": "P.k",
    "class method of an instance": "p.c()",
    "method of a metaclass": "Made.named()",
    "property, set": "wp.pr = 1",
    "super().m()": "sup.m()",
    "loop over dict.items()": "for y, z in by_int.items(): pass",
    "loop over dict.values()": "for z in by_str.values(): pass",
    "class in a dict": "int in table",
    "str.upper": "text.upper()",
    "str.startswith": "text.startswith(letters)",
    "str.split": "text.split()",
    "text == text": "text == letters",
    "join a list": "''.join(words)",
    "f-string": "f'{text} {number} {letters}'",
    "text in text": "letters in text",
    "slice of text": "text[2:5]",
    "min of integers": "min(ints)",
    "max of two": "max(number, 3)",
    "sorted tuple of integers": "sorted(numbers)",
    "slice of a tuple of integers": "numbers[1:]",
    "in a list": "3 in ints",
    "in a list of objects": "one in objects",
    "in a tuple": "3 in numbers",
    "in a set": "3 in plain_set",
    "in a set of objects": "one in set_of_objects",
    "in a dict": "3 in by_int",
    "is": "one is thing",
    "== of objects": "one == thing",
    "type(x)": "type(p)",
    "hasattr": "hasattr(p, 'x')",
    "getattr, a number": "getattr(p, 'x')",
    "len of a set": "len(plain_set)",
    "loop over a set": "for z in plain_set: pass",
    "loop over a frozenset": "for z in frozen: pass",
    "map": "for z in map(f, ints): pass",
    "reversed": "for z in reversed(ints): pass",
    "enumerate": "for y, z in enumerate(ints): pass",
    "zip": "for y, z in zip(ints, ints): pass",
    "list comprehension": "[z for z in ints]",
    "any": "any(numbers)",
    "sum": "sum(ints)",
    "unpack into a call": "f(*numbers[:1])",
    "try without raising": "try: number\n        except ValueError: pass",
}
TURNS = (500, 4500)


def ran(command, program, operation):
    """The process that has run the program."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w") as file:
            file.write(program)
        run = subprocess.run([*command, path], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{command[0]} failed on {operation!r}:\n{run.stderr}")
    return run


def counted(interpreter, operation, turns):
    """Counter by name for two threads that do the operation so often each."""
    program = SETUP + f'''
def work():
    local.v = 1
    for i in range({turns}):
        {operation}
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
'''
    run = ran([interpreter, "--stats"], program, operation)
    rows = (re.match(r"(.{42}) +(\d+) ", line) for line in run.stderr.splitlines())
    return {row[1].strip(): int(row[2]) for row in rows if row}


# Two loops and the time that one or two threads need for so many turns each. Every sample is taken in started threads.
SAMPLES = '''
import time
def read(turns):
    local.v = 1
    for i in range(turns):
        OPERATION
def alone(turns):
    x = 0
    for i in range(turns):
        x = (x + i) & 1023
def sample(loop, turns, n):
    barrier, spans = threading.Barrier(n), []
    def work():
        barrier.wait()
        begin = time.perf_counter()
        loop(turns)
        spans.append((begin, time.perf_counter()))
    threads = [threading.Thread(target=work) for _ in range(n)]
    for t in threads: t.start()
    for t in threads: t.join()
    return max(end for _, end in spans) - min(begin for begin, _ in spans)
def turns_for(loop):
    turns = 100
    while (span := sample(loop, turns, 1)) < SECONDS / 5: turns *= 4
    return max(1, int(turns * SECONDS / span))
loops = [(loop, turns_for(loop)) for loop in (alone, read)]
kinds = [(loop, turns, n) for n in (1, 2) for loop, turns in loops]
for round in range(ROUNDS):
    order = range(4) if round % 2 == 0 else range(3, -1, -1)
    spans = dict((kind, sample(*kinds[kind])) for kind in order)
    print(2 * spans[0] / spans[2], 2 * spans[1] / spans[3])
'''


def scaled(interpreter, operation, rounds, seconds):
    """For each round: throughput of two threads over that of one, of the loop that shares nothing and of the read."""
    program = SETUP + SAMPLES.replace("OPERATION", operation)
    program = program.replace("SECONDS", str(seconds)).replace("ROUNDS", str(rounds))
    lines = ran([interpreter], program, operation).stdout.splitlines()
    return [tuple(map(float, line.split())) for line in lines]


def count_writes(interpreter, operations):
    print("| operation | writes to shared memory | bytecodes |\n|---|---|---|")
    turns = 2 * (TURNS[1] - TURNS[0])
    silent = 0
    for name, operation in operations.items():
        short, long = (counted(interpreter, operation, turns) for turns in TURNS)
        per_turn = lambda row: (long.get(row, 0) - short.get(row, 0)) / turns
        writes = f"{abs(per_turn('writes to shared memory')):.2f}"
        silent += writes == "0.00"
        print(f"| {name} | {writes} | {per_turn('bytecodes'):.1f} |", flush=True)
    print(f"\nNo write per operation: {silent} of {len(operations)}.")


def measure_throughput(interpreter, operations, rounds, seconds):
    rows = []
    for name, operation in operations.items():
        samples = scaled(interpreter, operation, rounds, seconds)
        ratios = [read / alone for alone, read in samples]
        alone, read = (statistics.median(column) for column in zip(*samples))
        rows.append((statistics.median(ratios), min(ratios), max(ratios), read, alone, name))
        print(f"{name}: {rows[-1][0]:.2f}", file=sys.stderr)
    rows.sort()
    print("| operation | ratio | over the rounds | two threads over one | sharing nothing |\n|---|---|---|---|---|")
    for ratio, low, high, read, alone, name in rows:
        print(f"| {name} | {ratio:.2f} | {low:.2f} to {high:.2f} | {read:.2f} | {alone:.2f} |")
    good = sum(row[0] >= 0.95 for row in rows)
    print(f"\nRatio at or above 0.95: {good} of {len(rows)}. Medians of {rounds} rounds, samples of {seconds} s.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--throughput", action="store_true", help="measure by the clock, not by the counters")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of samples (default 5)")
    parser.add_argument("--seconds", type=float, default=0.15, help="how long a sample takes (default 0.15)")
    parser.add_argument("interpreter")
    parser.add_argument("names", nargs="*", help="these operations only")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in OPERATIONS]
    if unknown:
        sys.exit(f"no such operation: {', '.join(unknown)}; there are: {', '.join(OPERATIONS)}")
    operations = {name: OPERATIONS[name] for name in options.names or OPERATIONS}
    if options.throughput:
        measure_throughput(options.interpreter, operations, options.rounds, options.seconds)
    else:
        count_writes(options.interpreter, operations)


main()
