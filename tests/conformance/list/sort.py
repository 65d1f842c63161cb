# sort and sorted: keys, reverse, stability, errors.
words = ["banana", "Apple", "cherry", "apple", "Banana", "date"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), sorted(words, reverse=True), sorted(words, key=lambda w: (-len(w), w)))
pairs = [(1, "b"), (0, "x"), (1, "a"), (0, "a"), (2, "c"), (1, "c")]
print(sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True), sorted(pairs))
print(sorted([3, 1.5, True, -2, 2 ** 70, -2 ** 70, 0]), sorted("hello"), sorted({3: 1, 1: 2}), sorted((x * 7) % 10 for x in range(10)), sorted([], key=5))
nums = [(i * 7919) % 1009 for i in range(1009)]
copy = nums[:]
print(nums.sort(), nums == list(range(1009)), sorted(copy, reverse=True) == nums[::-1], sorted(nums) == nums, sorted(nums[::-1]) == nums)
runs = list(range(100)) + list(range(50, 0, -1)) + [5] * 20
print(sorted(runs) == sorted(sorted(runs, key=lambda x: -x)), len(sorted(runs)))


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n > other.n

    def __repr__(self):
        return f"I{self.n}"


print(sorted([Item(1), Item(3), Item(2)]), max([Item(1), Item(3)], key=lambda i: i.n))


def error(f):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


def mutate():
    a = [3, 1, 2]
    a.sort(key=lambda x: a.append(x) or x)


error(lambda: [1, "a"].sort())
error(lambda: [object(), object()].sort())
error(lambda: sorted([1], lambda x: x))
error(lambda: [1, 2].sort(key=5))
error(lambda: [2, 1].sort(lambda x: x))
error(lambda: sorted(5))
error(lambda: [1, 2].sort(key=lambda x: 1 / 0))
error(mutate)
broken = [3, "a", 1]
error(lambda: broken.sort())
print(len(broken), None in broken)
