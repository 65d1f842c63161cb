# Keys with their own __hash__ and __eq__.
class Key:
    def __init__(self, n, h):
        self.n, self.h = n, h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


d = {Key(1, 7): "one", Key(2, 7): "two", Key(3, 8): "three"}
print(d, d[Key(1, 7)], d[Key(2, 7)], Key(3, 8) in d, Key(3, 9) in d, len(d))
d[Key(1, 7)] = "uno"
del d[Key(2, 7)]
print(d, Key(2, 7) in d, d.get(Key(3, 8)))
same = {Key(i, 1): i for i in range(50)}
print(len(same), all(same[Key(i, 1)] == i for i in range(50)), [k for k in same][:3])
for i in range(0, 50, 2):
    del same[Key(i, 1)]
print(len(same), Key(1, 1) in same, Key(2, 1) in same, list(same.values())[:3])


class Bad:
    def __init__(self, what):
        self.what = what

    def __hash__(self):
        if self.what == "hash":
            raise ValueError("no hash")
        return "text" if self.what == "type" else 1

    def __eq__(self, other):
        raise ValueError("no eq")


class NoHash:
    __hash__ = None


class EqOnly:
    def __eq__(self, other):
        return True


for make in (lambda: {Bad("hash"): 1}, lambda: {Bad("type"): 1}, lambda: {Bad("eq"): 1, Bad("eq"): 2}, lambda: {NoHash(): 1}, lambda: {EqOnly(): 1}):
    try:
        print(make())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
b = Bad("eq")
print({b: 1}[b])
print({-1: "a", -2: "b"}[-2], hash(-1) == hash(-2), {2 ** 61 - 1: 1}.get(0), {(1, (2, "x")): 5}[1, (2, "x")], {frozenset([1]): 2}[frozenset([1])], {None: 0, "": 1}[None])


class Weird:
    def __hash__(self):
        return 2 ** 65

    def __eq__(self, other):
        return True


print({Weird(): 1}[Weird()])
