# Tables of every size, mixed key types, deletion and re-insertion.
d = {}
n = 20000
for i in range(n):
    d[i] = i
for i in range(n):
    d[str(i)] = -i
for i in range(0, n, 3):
    del d[i]
print(len(d), sum(v for k, v in d.items() if type(k) is int), d["777"], d.get(3), d.get(4), 5 in d, "x" in d)
for i in range(0, n, 3):
    d[i] = 1
print(len(d), d[0], d[3], list(d)[:3], list(d)[-1])
e = dict(d)
d.clear()
print(len(d), len(e), e["19999"], e == {**e}, e != d)
mixed = {1: "int", "1": "str", (1,): "tuple", None: "none", 1.5: "float", frozenset(): "set", b"1": "bytes", True: "bool", len: "function", int: "type", 2 ** 80: "big"}
print(list(mixed.values()), mixed[1], mixed[1.0], mixed[2 ** 80], mixed[int], mixed[len])
for size in range(1, 40):
    t = {i * 8: i for i in range(size)}
    assert all(t[i * 8] == i for i in range(size)) and len(t) == size and 4 not in t
    del t[0]
    assert 0 not in t and len(t) == size - 1
print("sizes ok")
