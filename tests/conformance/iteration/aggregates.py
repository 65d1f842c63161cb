# min, max, sum, any, all, sorted with their arguments.
print(min(3, 1, 2), max("abc"), min([3, 1], key=lambda x: -x), max([], default="none"), min((), default=None), max("a", "bb", key=len), max([1, 3, 3.0]), min([[2], [1, 5]]), max({"a": 1, "b": 0}), min([1.0, 1]))
print(sum([]), sum([1, 2], 10), sum([[1], [2]], []), sum((0.1, 0.2, 0.3)), sum(range(100)), sum([True, False, True]), sum([2 ** 62, 2 ** 62]), sum([1], start=5), sum(x for x in (1.5, 2)), sum([1, 1e100, 1, -1e100]))
print(any([0, 0, 1]), any(()), all([]), all([1, 0]), any(x > 2 for x in range(9)), all(isinstance(x, int) for x in [1, True]), sorted((3, 1, 2), key=lambda x: -x), len({1: 2}), len(range(0, 10, 3)))


def trace(xs):
    for x in xs:
        print("see", x)
        yield x


print(any(trace([0, 1, 2])), all(trace([1, 0, 2])), 2 in trace([1, 2, 3]))
for f in (lambda: min(), lambda: max([]), lambda: min(5), lambda: max(1, "a"), lambda: sum(["a"]), lambda: sum(["a"], ""), lambda: sum(5), lambda: min(1, 2, default=3), lambda: max([1], foo=2), lambda: any(5), lambda: all([1], [2]), lambda: len(iter([])), lambda: sum([b"a"], b""), lambda: sorted([1, None])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
