# __slots__ written and read by all threads.
from support import hammer, rounds

n = rounds(40000)


class S:
    __slots__ = ("a", "b", "maybe")


s = S()
s.a = s.b = [0]


def writer():
    for i in range(n):
        s.a = [i]
        s.b = [i, i]
        s.maybe = i
        del s.maybe


def reader():
    for i in range(n):
        assert len(s.a) == 1
        x = s.b
        assert x[0] == x[-1]
        try:
            s.maybe
        except AttributeError:
            pass


hammer(writer, reader, reader)
print("ok")
