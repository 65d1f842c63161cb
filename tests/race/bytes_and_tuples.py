# bytearray changes; tuples and bytes shared.
from support import hammer, rounds

n = rounds(12000)
shared = bytearray(b"x" * 64)
pair = [(b"a", ("a", 0))]


def tolerant(f):
    def job():
        for i in range(n):
            try:
                f(i)
            except (IndexError, ValueError, BufferError):
                pass
    return job


def write(i):
    shared[i % 32] = i % 256
    shared.append(i % 256)
    if len(shared) > 200:
        del shared[64:]


def read(i):
    bytes(shared), len(shared), shared[i % 60], shared.find(b"x"), shared[3:9]


def swap(i):
    pair[0] = (b"%d" % i, (str(i), i))


def check(i):
    b, (s, k) = pair[0]
    assert b.decode() in (s, "a") and (s == str(k) or s == "a")


hammer(tolerant(write), tolerant(write), tolerant(read), tolerant(swap), tolerant(check))
print("ok")
