# __missing__, and a subclass of dict.
class Default(dict):
    def __missing__(self, key):
        self[key] = value = [key]
        return value


d = Default(a=1)
print(d["a"], d["b"], d, d.get("c"), "c" in d, len(d), isinstance(d, dict), type(d.copy()).__name__, d == {"a": 1, "b": ["b"]})


class Upper(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.upper())


u = Upper(x=1)
u["y"] = 2
u.update(z=3)
u.setdefault("w", 4)
print(u, u["y"], dict(u), {**u}, u | {"q": 1}, type(u | {}).__name__)
try:
    u["x"]
except KeyError as e:
    print("KeyError", e, e.args)
from collections import Counter, OrderedDict, defaultdict
c = defaultdict(list)
c["k"].append(1)
print(c, dict(c), c.default_factory is list, defaultdict(int, a=1)["zz"])
n = Counter("abracadabra")
print(n, n.most_common(2), n["z"], sum(n.values()), n + Counter("aab"), Counter(a=3) - Counter(a=1))
o = OrderedDict(a=1, b=2)
o.move_to_end("a")
print(o, o.popitem(last=False), list(o))
