# One iterator shared by threads: it may repeat or skip items, but gives only real ones and ends.
from support import together

items = list(range(20000))


def drain(it):
    def job():
        mine = []
        for x in it:
            mine.append(x)
            if len(mine) > 3 * len(items):
                raise AssertionError("does not end")
        return mine
    return job


for it in (iter(items), enumerate(items), zip(items, items), iter(tuple(items)), reversed(items), map(abs, items), iter(range(20000)), iter("a" * 20000)):
    parts = together(drain(it), drain(it), drain(it))
    for part in parts:
        for x in part[:50]:
            x = x[0] if type(x) is tuple else x
            assert x == "a" or 0 <= x < 20000
print("ok")
