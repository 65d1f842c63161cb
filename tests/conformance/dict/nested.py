# Nested dicts, grouping, counting, inverting, merging, repr of recursion.
data = [("fruit", "apple", 3), ("veg", "leek", 2), ("fruit", "pear", 5), ("veg", "kale", 1), ("fruit", "apple", 4)]
groups = {}
for kind, name, n in data:
    groups.setdefault(kind, {}).setdefault(name, []).append(n)
print(groups)
totals = {kind: {name: sum(ns) for name, ns in names.items()} for kind, names in groups.items()}
print(totals, totals["fruit"]["apple"], {n: k for k, names in totals.items() for n in names})


def flatten(d, prefix=""):
    out = {}
    for k, v in d.items():
        if isinstance(v, dict):
            out.update(flatten(v, prefix + k + "."))
        else:
            out[prefix + k] = v
    return out


print(flatten(totals))
totals["fruit"]["apple"] += 1
totals["new"] = totals
print(totals)
d = {"list": [1, {"deep": (2, {"er": None})}]}
print(d, d["list"][1]["deep"][1]["er"], str(d) == repr(d), len(str(d)))
