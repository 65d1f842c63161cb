# Functions, generators, bound methods and modules that several threads use go away when nobody refers to them.
import gc
import types
import weakref

from support import hammer, rounds

n = rounds(400)
SOURCE = """
def f(a):
    return a + k

def g(n):
    for i in range(n):
        yield f(i)

def fails():
    raise ValueError(k)

class C:
    def m(self):
        return k
    @property
    def p(self):
        return k
    @staticmethod
    def s():
        return k
"""
CODE = compile(SOURCE, "made", "exec")
modules = [None] * 4
dead = []


def make(k):
    module = types.ModuleType(f"made{k}")
    module.k = k
    # Compiled anew, the code goes too, with every thread's specialised instructions.
    exec(SOURCE if k % 2 else CODE, module.__dict__)
    weakref.finalize(module.f, dead.append, k)
    return module


def maker(at):
    for i in range(n):
        modules[(i + at) % 4] = make(i)


def user():
    for i in range(n * 3):
        m = modules[i % 4]
        if m is None:
            continue
        k = m.k
        assert m.f(1) == 1 + k and sum(m.g(3)) == 3 + 3 * k
        one = m.C()
        bound = one.m
        assert bound() == one.p == one.s() == k
        try:
            m.fails()
        except ValueError as e:
            assert e.args == (k,)
        generator = m.g(2)
        next(generator)


def collector():
    for i in range(n // 20):
        gc.collect()


hammer(lambda: maker(0), lambda: maker(2), user, user, collector)
modules[:] = [None] * 4
gc.collect()
gc.collect()
assert len(dead) == 2 * n, len(dead)
print("ok")
