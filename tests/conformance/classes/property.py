# property: getter, setter, deleter, inheritance, errors.
class Temp:
    def __init__(self):
        self._c = 0

    @property
    def celsius(self):
        "Degrees."
        return self._c

    @celsius.setter
    def celsius(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._c = value

    @celsius.deleter
    def celsius(self):
        print("deleted")
        self._c = None

    @property
    def fahrenheit(self):
        return self._c * 9 / 5 + 32

    def _get(self):
        return "old style"
    old = property(_get, doc="Old.")


t = Temp()
t.celsius = 100
print(t.celsius, t.fahrenheit, t.old, Temp.celsius.__doc__, Temp.old.__doc__, type(Temp.celsius).__name__, Temp.celsius.fget.__name__)
t.celsius += 5
print(t.celsius)
del t.celsius
print(t.celsius)


class Sub(Temp):
    @Temp.celsius.getter
    def celsius(self):
        return "sub"

    @property
    def fails(self):
        return self.nothing


s = Sub()
s.celsius = 5
print(s.celsius, s._c)
for g in (lambda: setattr(t, "celsius", -300), lambda: setattr(t, "fahrenheit", 1), lambda: delattr(t, "fahrenheit"), lambda: s.fails, lambda: setattr(s, "old", 1)):
    try:
        g()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
from functools import cached_property


class Lazy:
    @cached_property
    def value(self):
        print("computing")
        return 42


z = Lazy()
print(z.value, z.value, z.__dict__)
