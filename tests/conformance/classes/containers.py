# __len__, __getitem__, __setitem__, __delitem__, __contains__, __iter__, __reversed__, __call__, __bool__, __hash__.
class Box:
    def __init__(self, **kw):
        self.d = kw

    def __len__(self):
        return len(self.d)

    def __getitem__(self, k):
        return self.d[k]

    def __setitem__(self, k, v):
        print("set", k, v)
        self.d[k] = v

    def __delitem__(self, k):
        print("del", k)
        del self.d[k]

    def __contains__(self, k):
        return k in self.d

    def __iter__(self):
        return iter(self.d)

    def __reversed__(self):
        return reversed(list(self.d))

    def __call__(self, *a, **k):
        return a, k

    def __hash__(self):
        return 42

    def __eq__(self, o):
        return isinstance(o, Box) and self.d == o.d

    def keys(self):
        return self.d.keys()


b = Box(x=1)
b["y"] = 2
b["x"] += 10
b[1:2] = "slice"
del b["y"], b[1:2]
print(len(b), b["x"], "x" in b, "z" in b, list(b), list(reversed(b)), b(1, k=2), hash(b), bool(b), bool(Box()), b == Box(x=11), {b: 1}[Box(x=11)], dict(b), {**b}, (lambda **k: k)(**b), callable(b), [*b])


class Matrix:
    def __getitem__(self, key):
        i, j = key
        return i * 10 + j

    def __setitem__(self, key, value):
        print(key, value)


m = Matrix()
m[1, 2] = m[3, 4]
m[1, 2] += 1


class LenOnly:
    def __len__(self):
        return 0


class BadLen:
    def __len__(self):
        return "x"


class NegLen:
    def __len__(self):
        return -1


class BadHash:
    def __hash__(self):
        return 1.5


class BadContains:
    __contains__ = None


print(bool(LenOnly()), not LenOnly(), "falsy" if not LenOnly() else "truthy")
for g in (lambda: len(BadLen()), lambda: len(NegLen()), lambda: hash(BadHash()), lambda: 1 in BadContains(), lambda: LenOnly()[0], lambda: LenOnly()(), lambda: iter(LenOnly()), lambda: reversed(LenOnly()), lambda: m["bad key"], lambda: 1 in LenOnly()):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
