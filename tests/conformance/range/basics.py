# range: length, indexing, slicing, membership, equality.
for r in (range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 5), range(3, 1), range(1, 3, -1), range(-3, 3, 2)):
    print(r, len(r), list(r), list(reversed(r)), r[::2], r[1:], r[::-1], bool(r), r.start, r.stop, r.step)
r = range(0, 20, 2)
print(r[3], r[-1], r[2:5], r[2:5][0], 4 in r, 5 in r, r.index(6), r.count(6), r.count(5), max(r), sum(r), tuple(r), sorted(r, reverse=True)[:2])
print(range(3) == range(0, 3, 1), range(0) == range(5, 2), range(0, 3, 2) == range(0, 4, 2), range(3) == [0, 1, 2], hash(range(3)) == hash(range(0, 3)), range(True, 4), {range(2): 1}[range(2)])
big = range(2 ** 62, 2 ** 62 + 5)
print(list(big)[-1], len(big), 2 ** 62 + 3 in big, big[4], list(range(2 ** 63, 2 ** 63 + 2)), list(range(-2 ** 63, -2 ** 63 - 3, -2)), len(range(0, 2 ** 62, 2 ** 60)), range(2 ** 70)[2 ** 69], 2 ** 69 in range(2 ** 70))
for f in (lambda: range(), lambda: range(1.5), lambda: range("a"), lambda: range(1, 2, 0), lambda: range(1, 2, 3, 4), lambda: range(3)[3], lambda: range(3)[-4], lambda: range(3).index(9), lambda: range(3)["a"], lambda: len(range(2 ** 70))):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
try:
    range(3)[0] = 1
except TypeError as e:
    print(e)
