# Properties, class and static methods, descriptors and context managers are replaced while other threads use them.
from support import hammer, rounds

n = rounds(8000)


class Get:
    def __init__(self, value):
        self.value = value

    def __get__(self, instance, owner):
        return self.value


class Subject:
    d = Get(0)

    def __init__(self):
        self.x = 1

    @property
    def p(self):
        return self.x

    @p.setter
    def p(self, value):
        self.x = 1

    @classmethod
    def c(cls):
        return 1

    @staticmethod
    def s():
        return 1

    def __enter__(self):
        return 1

    def __exit__(self, *exc):
        return None


class Derived(Subject):
    pass


subject, derived = Subject(), Derived()


def read():
    for i in range(n):
        for o in (subject, derived):
            assert o.p == 1
            assert o.c() == 1 and o.s() == 1
            assert type(o.d) is int
            assert Subject.c() == 1 and Derived.s() == 1
            with o as one:
                assert one == 1
            o.p = i


def replace_property():
    for i in range(n // 2):
        Subject.p = property(lambda self: self.x, lambda self, value: None)
        Derived.p = property(lambda self: 1, lambda self, value: setattr(self, "x", 1))
        del Derived.p


def replace_methods():
    for i in range(n // 2):
        Subject.c = classmethod(lambda cls: 1)
        Subject.s = staticmethod(lambda: 1)
        Derived.c = staticmethod(lambda: 1)
        Derived.s = classmethod(lambda cls: 1)
        del Derived.c, Derived.s


def replace_descriptor():
    for i in range(n // 2):
        Subject.d = Get(i)
        if i % 50 == 0:
            Get.__get__ = lambda self, instance, owner: self.value


def replace_manager():
    for i in range(n // 2):
        Subject.__enter__ = lambda self: 1
        Subject.__exit__ = lambda self, *exc: None
        Derived.__exit__ = classmethod(lambda cls, *exc: None)
        del Derived.__exit__


hammer(read, read, replace_property, replace_methods, replace_descriptor, replace_manager)
print("ok")
