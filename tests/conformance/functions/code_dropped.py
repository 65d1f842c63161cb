# Compiling code all the time does not grow a program: code objects die with their functions.
import gc
import weakref

SOURCE = """
def f(a, b=(1, 2, "x")):
    def inner(c):
        return [a + c for _ in range(2)], (3.5, "y", b"z", 10**30, -0.0)
    return inner
g = lambda: f(1)(2)
"""


def one(i):
    namespace = {}
    exec(SOURCE, namespace)
    assert namespace["g"]()[0] == [3, 3]
    assert eval(f"{i} + 1") == i + 1
    assert eval("lambda x: (x, 0.0)")(1) == (1, 0.0)


def largest():
    try:
        with open("/proc/self/status") as f:
            return int([line for line in f if line.startswith("VmHWM")][0].split()[1])
    except (OSError, IndexError):
        return 0


for i in range(3000):
    one(i)
    if i == 1500:
        gc.collect()
        before = largest()
print(largest() <= before * 1.3)


# What runs, or will, keeps its code.
def make():
    namespace = {}
    exec("def h():\n    yield 1\n    yield 2", namespace)
    return namespace["h"], weakref.ref(namespace["h"].__code__)


h, ref = make()
generator = h()
del h
gc.collect()
print(next(generator), ref() is generator.gi_code)
gc.collect()
print(next(generator), ref().co_name)
del generator
gc.collect()
print(ref())

# A running frame whose function goes.
exec("""
def gone():
    global gone
    del gone
    import gc
    gc.collect()
    return [i for i in range(3)], lambda: "left"
""")
result, left = gone()
del result
gc.collect()
print(left(), left.__code__.co_qualname)


# A traceback keeps the code of frames that are gone.
def fails():
    namespace = {}
    exec("def bad():\n    raise ValueError(1)", namespace)
    try:
        namespace["bad"]()
    except ValueError as e:
        return e


error = fails()
gc.collect()
print(error.__traceback__.tb_next.tb_frame.f_code.co_name, error.__traceback__.tb_next.tb_lineno)


# Code that is replaced while it runs.
def old():
    old.__code__ = new.__code__
    gc.collect()
    return "old"


def new():
    return "new"


print(old(), old())

# Constants that look alike are not one.
print(eval("(0.0, 1)"), eval("(-0.0, 1)"), eval("(False, True)"), eval("(0, 1)"), eval("(0j, 1.0)"), eval("(-0.0, 1)"))
