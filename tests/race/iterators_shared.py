# One list, dict, range, zip, map or enumerate iterator shared by threads: may repeat or skip, never crashes.
from support import hammer, rounds

n = rounds(30)
size = 400


def drain(it, tolerated):
    def job():
        out = []
        while True:
            try:
                out.append(next(it))
            except StopIteration:
                return out
            except tolerated:
                return out
    return job


d = {i: i for i in range(size)}
lst = list(range(size))
for r in range(n):
    for make in (lambda: iter(lst), lambda: iter(d), lambda: iter(d.items()), lambda: iter(range(size)), lambda: enumerate(lst), lambda: zip(lst, lst), lambda: map(str, lst), lambda: reversed(lst), lambda: iter("x" * size), lambda: iter(tuple(lst)), lambda: filter(None, lst), lambda: iter(set(lst))):
        it = make()
        parts = hammer(drain(it, RuntimeError), drain(it, RuntimeError))
        # A set is read in its section, where the place moves too.
        if type(it) is type(iter(set())):
            assert sum(map(len, parts)) == size
print("ok")
