# Lists of fresh objects replaced while others read them: every object read is whole.
from support import hammer, rounds

n = rounds(30000)


class Pair:
    def __init__(self, a):
        self.a = a
        self.b = -a


shared = [Pair(i) for i in range(16)]


def writer(k):
    def job():
        for i in range(n):
            shared[(i + k) % 16] = Pair(i)
    return job


def reader():
    for i in range(n):
        p = shared[i % 16]
        assert p.a + p.b == 0
        for q in shared:
            assert q.a == -q.b
            break


hammer(writer(0), writer(5), reader, reader)
print("ok")
