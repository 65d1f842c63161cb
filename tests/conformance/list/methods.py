# Every list method.
a = [3, 1, 2]
a.append(5)
a.extend([7, 8])
a.extend("xy")
a.insert(0, 0)
a.insert(100, "end")
a.insert(-1, "before")
print(a, a.pop(), a.pop(0), a.pop(-2), a)
a.remove("before")
print(a, a.index(5), a.count(1), a.copy() == a, a.copy() is a)
a.reverse()
print(a)
b = [3, 1, 2]
b.sort()
print(b, b.sort(reverse=True), b)
b.clear()
print(b, [].append(1), [1, 2, 1].index(1, 1), [1, 2, 1].index(1, -1), [1] * 3, [1] + [2], 2 * [1, 2], [[]] * 2)
b += (1, 2)
b += "ab"
b *= 2
print(b, list(), list("abc"), list((1, 2)), list({1: 2}), list(range(3)), [*b[:2], 9], len(b), b.__len__(), max([1, 3, 2]))


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error(lambda: [].pop())
error(lambda: [1].pop(5))
error(lambda: [1].remove(2))
error(lambda: [1][1])
error(lambda: [1][-2])
error(lambda: a["a"])
error(lambda: a[None])
error(lambda: [].extend(5))
error(lambda: [].append())
error(lambda: [].append(1, 2))
error(lambda: [].insert(1))
error(lambda: [].insert("a", 1))
error(lambda: [1] + 2)
error(lambda: list(5))
error(lambda: list(1, 2))
error(lambda: [].foo)
error(lambda: [].pop("a"))
error(lambda: [1] * "a")
error(lambda: [].reverse(1))
