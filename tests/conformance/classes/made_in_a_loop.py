# A program that makes classes all the time stays as small as it is.
import gc
import weakref

ROUNDS = 12000
subclasses = metas = finalised = called = 0
refs = []


class Meta(type):
    def __new__(meta, name, bases, namespace):
        global metas
        metas += 1
        return super().__new__(meta, name, bases, namespace)


class Base:
    def __init_subclass__(cls):
        global subclasses
        subclasses += 1


def dead(ref):
    global called
    called += 1


def one(i):
    class C(Base, metaclass=Meta if i % 3 == 0 else type):
        x = i

        def __init__(self):
            self.a = i
            self.me = self

        def f(self):
            return self.a + self.x

        def __del__(self):
            global finalised
            finalised += 1

    C.instance = C()
    assert C.instance.f() == 2 * i
    if i % 10 == 0:
        refs.append(weakref.ref(C, dead))


def largest():
    try:
        with open("/proc/self/status") as f:
            return int([line for line in f if line.startswith("VmHWM")][0].split()[1])
    except (OSError, IndexError):
        return 0


for i in range(ROUNDS):
    one(i)
    if i == ROUNDS // 2:
        gc.collect()
        before = largest()
gc.collect()
print(subclasses == ROUNDS, metas == ROUNDS // 3, finalised == ROUNDS, called == len(refs))
print(len(Base.__subclasses__()), largest() <= before * 1.3)
