"""How many writes to shared memory does one read by many threads cost? Prints a table, an operation a row.

    cargo build --release -p interp-nogil --features counters
    python3 benches/tools/shared_reads.py target/release/interp-nogil

Each program is run twice on two threads, short and long; the difference is the steady state. Counts do not depend on the
machine. Any Python 3 drives it.
"""
import os
import re
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
    "enumerate": "for y, z in enumerate(ints): pass",
    "zip": "for y, z in zip(ints, ints): pass",
    "list comprehension": "[z for z in ints]",
    "any": "any(numbers)",
    "sum": "sum(ints)",
    "unpack into a call": "f(*numbers[:1])",
    "try without raising": "try: number\n        except ValueError: pass",
}
ROUNDS = (500, 4500)


def counted(interpreter, operation, rounds):
    """Counter by name for two threads that do the operation so often each."""
    program = SETUP + f'''
def work():
    local.v = 1
    for i in range({rounds}):
        {operation}
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
'''
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w") as file:
            file.write(program)
        run = subprocess.run([interpreter, "--stats", path], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{interpreter} failed on {operation!r}:\n{run.stderr}")
    rows = (re.match(r"(.{42}) +(\d+) ", line) for line in run.stderr.splitlines())
    return {row[1].strip(): int(row[2]) for row in rows if row}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("| operation | writes to shared memory | bytecodes |\n|---|---|---|")
    turns = 2 * (ROUNDS[1] - ROUNDS[0])
    for name, operation in OPERATIONS.items():
        short, long = (counted(sys.argv[1], operation, rounds) for rounds in ROUNDS)
        per_turn = lambda row: (long.get(row, 0) - short.get(row, 0)) / turns
        print(f"| {name} | {abs(per_turn('writes to shared memory')):.2f} | {per_turn('bytecodes'):.1f} |")


main()
