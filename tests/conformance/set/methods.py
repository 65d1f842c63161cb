# Every set method and operator; sorted, since order is not defined.
a, b = {1, 2, 3}, {3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), sorted(a.union(b, [9])), sorted(a.intersection([1, 2], {2})), sorted(a.difference([1])), sorted(a.symmetric_difference(b)))
print(a <= {1, 2, 3, 4}, a < a, a <= a, a >= {1}, a > {1}, a == {3, 2, 1}, a != b, a.issubset(range(5)), a.issuperset([1]), a.isdisjoint(b), a.isdisjoint([7]), 1 in a, 9 not in a, len(a), bool(set()))
a.add(10)
a.add(1)
a.discard(2)
a.discard(77)
a.remove(3)
a.update([5, 6], (7,))
print(sorted(a), sorted(a.copy()), a.copy() is a)
a &= {1, 5, 6, 7}
a |= {8}
a -= {1}
a ^= {8, 9}
print(sorted(a), a.pop() in {5, 6, 7, 9}, len(a), a.clear(), a)
a.intersection_update([1])
a.difference_update([1])
a.symmetric_difference_update([1, 2])
print(sorted(a), set(), set("aab") == {"a", "b"}, {1}, {1.0, 1, True}, set([1]) == frozenset([1]), {*[1, 2], *(2, 3)} == {1, 2, 3}, repr({"x"}), {()}, type({}).__name__, set(range(3)) == {0, 1, 2})


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error(lambda: set().pop())
error(lambda: {1}.remove(2))
error(lambda: set(5))
error(lambda: {1} | [2])
error(lambda: {1} < [1])
error(lambda: a[0])
error(lambda: {1}.union(5))
error(lambda: set([1], [2]))
error(lambda: set().add())
error(lambda: {1} + {2})
error(lambda: {1}.append(2))
