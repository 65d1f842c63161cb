# isinstance, issubclass, their hooks, abstract base classes.
class Meta(type):
    def __instancecheck__(cls, obj):
        return hasattr(obj, "quack")

    def __subclasscheck__(cls, sub):
        return "duck" in sub.__dict__


class Duck(metaclass=Meta):
    pass


class Real:
    quack = True
    duck = 1


print(isinstance(Real(), Duck), isinstance(5, Duck), issubclass(Real, Duck), issubclass(int, Duck), isinstance(5, (str, (list, int))), issubclass(bool, (str, int)), isinstance(None, type(None)), isinstance(int, type), isinstance(5, int | str), isinstance("a", int | None))
for g in (lambda: isinstance(5, 5), lambda: issubclass(5, int), lambda: isinstance(5, [int]), lambda: issubclass(int, "int"), lambda: isinstance(5, (5,))):
    try:
        print(g())
    except TypeError as e:
        print(e)
from abc import ABC, abstractmethod


class Base(ABC):
    @abstractmethod
    def run(self):
        ...

    @property
    @abstractmethod
    def size(self):
        ...

    def shared(self):
        return "shared"


class Half(Base):
    def run(self):
        return "run"


class Full(Half):
    size = 3


print(Full().run(), Full().size, Full().shared(), isinstance(Full(), Base), issubclass(Full, Base))
for cls in (Base, Half):
    try:
        cls()
    except TypeError as e:
        print(e)


@Base.register
class Virtual:
    pass


print(isinstance(Virtual(), Base), issubclass(Virtual, Base), Base in Virtual.__mro__)
from collections.abc import Callable, Hashable, Iterable, Mapping, Sized
print(isinstance([], Iterable), isinstance(5, Iterable), isinstance({}, Mapping), isinstance(len, Callable), isinstance([], Hashable), isinstance("", Sized))
