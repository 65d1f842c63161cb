"""Loops over dicts and their views, over what only looks like one, and the mistakes that they find."""

d = {"a": 1, "b": 2, "c": 3}


def walk(source):
    out = [k for k in source]
    out += [k for k in source.keys()]
    out += [v for v in source.values()]
    out += [item for item in source.items()]
    for k, v in source.items():
        out.append(k)
        out.append(v)
    for (k, v) in source.items():
        out.append((v, k))
    for pair in source.items():
        out.append(pair)
    out.append({v: k for k, v in source.items()})
    out.append(sorted({str(k) for k in source.keys()}))
    out.append(list(k for k, _ in source.items()))
    return out


class Counted(dict):
    def items(self):
        return [("items", "overridden")]

    def __iter__(self):
        return iter(["iter"])


class Duck:
    def __iter__(self):
        return iter("xy")

    def keys(self):
        return "k"

    def values(self):
        return iter([1])

    def items(self):
        yield "p", "q"
        yield "r", "s"


for source in (d, {}, Counted(z=26), Duck(), {(1, 2): (3, 4)}):
    print(walk(source))
print(walk(d))

for (a, b), (c, e) in {(1, 2): (3, 4)}.items():
    print(a, b, c, e)
for a, *b in {1: 2}.items():
    print(a, b)
try:
    for a, b, c in {1: 2}.items():
        pass
except ValueError as e:
    print(e)
try:
    for a, b in {1: 2}.keys():
        pass
except TypeError as e:
    print(e)


def changed(change, how):
    target = {1: 1, 2: 2, 3: 3}
    seen = []
    try:
        if how == "iter":
            for k in target:
                seen.append(k)
                change(target, k)
        elif how == "values":
            for k in target.values():
                seen.append(k)
                change(target, k)
        else:
            for k, _ in target.items():
                seen.append(k)
                change(target, k)
    except RuntimeError as e:
        return seen, str(e)
    return seen, target




for how in ("iter", "values", "items"):
    print(changed(lambda t, k: t.pop(k), how))
    print(changed(lambda t, k: t.__setitem__(k + 10, 1), how))
    print(changed(lambda t, k: t.__setitem__(k, 1), how))
    print(changed(lambda t, k: t.clear(), how))


def generate(source):
    for k, v in source.items():
        yield k, v
    for k in source:
        yield k


g = generate(d)
print(next(g), next(g), list(g))


def early(source):
    for k, v in source.items():
        for w in source.values():
            if w == 2:
                break
            if v == 3:
                return k, v, w
        else:
            print("never")
    return None


print(early(d))
try:
    for a in (5).items():
        pass
except AttributeError as e:
    print(e)


# Keys that are equal to themselves only, and keys that are not.
class Plain:
    pass


class Same:
    def __eq__(self, other):
        return isinstance(other, Same)

    def __hash__(self):
        return 1


p = Plain()
table = {int: 1, Plain: 2, p: 3, len: 4, None: 5, walk: 6, (int, None): 7, Same(): 8, ...: 9}
for key in (int, Plain, p, len, None, walk, (int, None), Same(), ..., str, Plain(), print, (int, str), 1):
    print(table.get(key), table.get(key, "default"), key in table, key in set(table))
print(table[int], table[p], table[Same()])
Plain.__eq__ = lambda self, other: True
Plain.__hash__ = lambda self: hash(int)
print(table.get(Plain()), {int: "equal to anything"}.get(Plain()))
for wrong in (lambda: {}.get(), lambda: {}.get(1, 2, 3), lambda: {}[p.missing]):
    try:
        wrong()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__)
