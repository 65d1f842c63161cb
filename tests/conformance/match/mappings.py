# Mapping patterns.
def f(x):
    match x:
        case {"type": "point", "x": x0, "y": y0}:
            return f"point {x0} {y0}"
        case {"type": "list", "items": [first, *_]}:
            return f"list from {first}"
        case {"type": t, **rest}:
            return f"{t} with {rest}"
        case {1: one, None: none}:
            return f"keys {one} {none}"
        case {"nested": {"deep": value}}:
            return f"deep {value}"
        case {}:
            return "some mapping"
        case _:
            return "no mapping"


for x in ({"type": "point", "x": 1, "y": 2, "z": 3}, {"type": "list", "items": [7, 8]}, {"type": "list", "items": []}, {"type": "circle", "r": 1}, {1: "a", None: "b"}, {"nested": {"deep": [1]}}, {}, {"a": 1}, [], "x"):
    print(f(x))


def rest_copy(d):
    match d:
        case {"k": v, **rest}:
            rest["new"] = 1
            return v, rest, d


print(rest_copy({"k": 1, "z": 2}))
from collections import defaultdict
d = defaultdict(list)
match d:
    case {"missing": x}:
        print("wrong")
    case _:
        print("not created", dict(d))


class K:
    KEY = "dotted"


match {"dotted": 5}:
    case {K.KEY: v}:
        print(v)
