# One function, one bound method, one instance called by 8 threads; defaults and code changed meanwhile.
from support import hammer, rounds

n = rounds(12000)


class C:
    def __init__(self):
        self.k = 3

    def method(self, x):
        return x * self.k

    @property
    def prop(self):
        return self.k

    @staticmethod
    def static(x):
        return x

    @classmethod
    def cls(cls):
        return cls

    def __call__(self, *a, **k):
        return a, k

    def __add__(self, o):
        return self.k + o

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False


c = C()
bound = c.method


def f(a, b=2, *args, k=4, **kw):
    return a + b + k


def job():
    for i in range(n):
        assert bound(i) == i * 3 and c.method(i) == i * 3 and c.prop == 3 and C.static(i) == i and c.cls() is C
        assert f(i) - i in (6, 104) and f(i, 1, k=1) == i + 2
        assert c(1, x=i) == ((1,), {"x": i}) and c + 1 == 4
        with c as d:
            assert d is c
        assert (lambda x, y=i: x + y)(1) == i + 1


def change():
    for i in range(n):
        f.__defaults__ = (100,) if i % 2 else (2,)
        f.note = i


hammer(job, job, job, job, job, job, job, change)
print("ok")
