# Insertion order survives updates, deletions and growth.
d = {}
for i in (5, 3, 9, 1):
    d[i] = str(i)
d[3] = "again"
del d[9]
d[9] = "new"
print(d, list(d), next(iter(d)), list(d)[-1])
d.pop(5)
d[5] = 5
print(list(d.items()))
big = {i: i * i for i in range(1000)}
for i in range(0, 1000, 2):
    del big[i]
for i in range(1000, 1100):
    big[i] = 0
keys = list(big)
print(len(big), keys[:5], keys[-3:], keys == sorted(keys), all(big[k] == (k * k if k < 1000 else 0) for k in keys))
while len(big) > 3:
    big.popitem()
print(big)
print({k: v for k, v in sorted({"b": 1, "a": 2}.items())}, {**{"z": 1}, "y": 2}, dict(b=1, a=2))
moved = {"a": 1, "b": 2, "c": 3}
moved["a"] = moved.pop("a")
print(moved)
churn = {}
for i in range(5000):
    churn[i % 7, i] = i
    churn.pop((i % 7, i - 3), None)
print(len(churn), list(churn.values()))
