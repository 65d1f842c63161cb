# frozenset: hashable, immutable; mixed operators keep the left type.
f = frozenset([1, 2, 2, 3])
print(len(f), 2 in f, sorted(f), f == {1, 2, 3}, hash(f) == hash(frozenset([3, 2, 1])), {f: "key"}[frozenset((1, 2, 3))], frozenset() == set(), frozenset([1]), frozenset())
print(type(f | {4}).__name__, type({4} | f).__name__, sorted(f | {4}), sorted(f & {1}), sorted(f - {1}), f.union([5]) > f, f.copy() is f, frozenset(f) is f, {f, frozenset([3, 1, 2])} == {f}, {1, 2} in [f, {1, 2}], {1, 2, 3} in {f})
for g in (lambda: f.add(1), lambda: f.__setitem__, lambda: f.remove(1)):
    try:
        print(g())
    except Exception as e:
        print(e)
