# Lines written by print from many threads are never torn inside one write.
import io
import sys

from support import hammer, rounds

n = rounds(3000)


class Sink(io.StringIO):
    def __init__(self):
        super().__init__()
        self.parts = []

    def write(self, s):
        self.parts.append(s)


sink = Sink()


def job(me):
    def run():
        for i in range(n):
            print(f"{me} {i}\n", end="", file=sink)
    return run


hammer(*[job(i) for i in range(4)])
assert sorted(filter(None, sink.parts)) == sorted(f"{m} {i}\n" for m in range(4) for i in range(n))
print("ok")
