# Keys whose __hash__ and __eq__ are Python code that touches the dict itself.
from support import hammer, rounds

n = rounds(4000)
shared = {}


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 5

    def __eq__(self, other):
        if self.n % 7 == 0:
            shared.pop("side", None)
            shared["side"] = self.n
        return isinstance(other, Key) and self.n == other.n


def job(me):
    def run():
        for i in range(n):
            k = Key(me * 10 + i % 10)
            shared[k] = i
            shared.get(Key(i % 40))
            Key(i % 40) in shared
            if i % 4 == 0:
                shared.pop(k, None)
    return run


hammer(*[job(i) for i in range(4)])
own = [k.n for k in shared if isinstance(k, Key)]
assert len(own) == len(set(own)), own
print("ok")
