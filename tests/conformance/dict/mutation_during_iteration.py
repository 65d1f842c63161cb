# Changing a dict's size while iterating is an error; changing values is not.
def attempt(f):
    d = {i: i for i in range(4)}
    seen = []
    try:
        for k in d:
            seen.append(k)
            f(d, k)
    except RuntimeError as e:
        print(type(e).__name__, e, seen)
    else:
        print("fine", seen, d)


attempt(lambda d, k: d.__setitem__(k, 0))
attempt(lambda d, k: d.__setitem__(k + 10, 0))
attempt(lambda d, k: d.pop(k))
attempt(lambda d, k: d.clear())
attempt(lambda d, k: (d.pop(k), d.__setitem__(k + 10, 0)) if k == 0 else None)
d = {"a": 1, "b": 2}
for view in (d.keys(), d.values(), d.items()):
    it = iter(view)
    next(it)
    d["c" + str(len(d))] = 0
    try:
        next(it)
    except RuntimeError as e:
        print(e)
    try:
        next(it)
    except (RuntimeError, StopIteration) as e:
        print(type(e).__name__)
for k in list(d):
    if k.startswith("c"):
        del d[k]
print(d)
it = iter(d)
print(list(it), next(it, "end"), it.__length_hint__())
