# L.pop(), L.pop(0): every item comes out exactly once.
from support import together

shared = list(range(40000))


def take(*where):
    def job():
        mine = []
        while True:
            try:
                mine.append(shared.pop(*where))
            except IndexError:
                return mine
    return job


parts = together(take(), take(-1), take(0), take())
assert sorted(x for part in parts for x in part) == list(range(40000))
print("ok")
