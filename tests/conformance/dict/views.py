# keys, values and items are live views; keys and items are set-like.
d = {"a": 1, "b": 2}
k, v, i = d.keys(), d.values(), d.items()
d["c"] = 3
print(k, v, i, len(k), "c" in k, 3 in v, ("c", 3) in i, ("c", 4) in i, list(k), [*v], "a" in i)
print(sorted(k & {"a", "z"}), sorted(k | {"z"}), sorted(k - {"a"}), sorted(k ^ {"a", "q"}), k == {"a", "b", "c"}, k >= {"a"}, k.isdisjoint(["z"]), sorted(i & {("a", 1)}), {"a": 1}.items() == {"a": 1}.items(), v == v, v == d.values())
print(list(reversed(k)), list(reversed(v)), type(k).__name__, type(v).__name__, type(i).__name__, type(iter(d)).__name__, k.mapping["a"], repr({}.keys()), bool({}.items()))
print([f"{a}={b}" for a, b in d.items()], dict(i), list(zip(d, d.values())), {v: k for k, v in d.items()}, min(d, key=lambda x: -d[x]))
for f in (lambda: k[0], lambda: k.append(1), lambda: hash(v) and len(v[0]), lambda: i + i):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
