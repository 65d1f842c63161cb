# enumerate, zip, map, filter, reversed: lazy iterators.
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], start=1)), list(zip()), list(zip([1, 2, 3], "ab")), list(zip([1])), list(zip("ab", range(9), [True, None])))
print(list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(max, [1, 5], [3, 2])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2, 3])), list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(3))), list(reversed((1, 2))))
print(list(zip([1, 2], [3, 4], strict=True)), dict(enumerate("xy")), [*map(int, "123")], sum(map(len, ["a", "bb"])), type(map(str, [])).__name__, type(zip()).__name__, type(enumerate([])).__name__, type(filter(None, [])).__name__, type(reversed([])).__name__)


def noisy():
    for i in range(3):
        print("make", i)
        yield i


m = map(lambda x: print("map", x) or x, noisy())
print("nothing yet", next(m), next(m))
z = zip(noisy(), [9])
print(list(z))
e = enumerate(noisy())
print(next(e), iter(e) is e)


class Rev:
    def __reversed__(self):
        return iter("reversed")


class Seq:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 10


print("".join(reversed(Rev())), list(reversed(Seq())))
for f in (lambda: list(zip([1], [2, 3], strict=True)), lambda: list(zip([1, 2], [2], strict=True)), lambda: map(str), lambda: filter(None), lambda: zip(1), lambda: enumerate(), lambda: enumerate(5), lambda: reversed({1}), lambda: list(map(5, [1])), lambda: list(map(len, [1])), lambda: enumerate([], "a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
