# __class__ of one object changes while its methods are called.
from support import hammer, rounds

n = rounds(25000)


class A:
    def name(self):
        return "A"


class B:
    def name(self):
        return "B"


obj = A()
obj.data = "kept"


def switch():
    for i in range(n):
        obj.__class__ = B if i % 2 else A


def call():
    for i in range(n):
        assert obj.name() in "AB"
        assert obj.data == "kept"
        assert isinstance(obj, (A, B))
        assert type(obj) in (A, B)


hammer(switch, call, call)
print("ok")
