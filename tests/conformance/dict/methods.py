# Every dict method.
d = {"a": 1, "b": 2}
print(d["a"], d.get("a"), d.get("z"), d.get("z", 0), "a" in d, "z" not in d, len(d), list(d), d.keys(), d.values(), d.items(), bool({}))
d["c"] = 3
d.update({"a": 10, "d": 4})
d.update([("e", 5)], f=6)
print(d, d.pop("a"), d.pop("zz", None), d.popitem(), d.setdefault("b", 99), d.setdefault("n"), d)
del d["b"]
print(d, d.copy() == d, d.copy() is d, dict(a=1, b=2), dict([("x", 1)]), dict({"k": "v"}, z=1), dict(zip("ab", [1, 2])), dict(), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0))
d.clear()
print(d, {**{"a": 1}, "b": 2, **{"a": 3}}, {"a": 1} | {"b": 2}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} != {"a": 2}, {1: "a", 1.0: "b", True: "c"})
d |= {"x": 1}
d |= [("y", 2)]
print(d, list(reversed(d)), list(reversed(d.items())), max(d), sorted(d, key=d.get, reverse=True), sum(d.values()), d | dict(z=3))


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error(lambda: {}["missing"])
error(lambda: {0: 1}[1, 2])
error(lambda: {}.pop("k"))
error(lambda: {}.popitem())
error(lambda: dict(5))
error(lambda: dict([(1, 2, 3)]))
error(lambda: dict(["ab", "c"]))
error(lambda: {}.update(5))
error(lambda: {}.get())
error(lambda: {}.foo)
error(lambda: {} < {})
error(lambda: {} | [1])
error(lambda: {}.__delitem__("x"))
error(lambda: {}.setdefault())
