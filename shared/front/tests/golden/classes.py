import os.path as p, sys
from . import a as b
from ..m import c, d


class Empty:
    pass


@dataclass
class C(Base, metaclass=Meta):
    """Doc."""

    x: int = 1
    y: list[C]
    __slots__ = ("x",)

    def __init__(self, v):
        super().__init__()
        self.v = self.__private = v

    def who(self):
        return __class__


def local():
    z = 1

    class D:
        z = z
        w = [z for _ in range(3)]

    return D


class Box[T](Base):
    def get[U](self, default: U) -> T | U:
        return self.value or default
