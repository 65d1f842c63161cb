# Slices: read, assign, delete.
a = list(range(10))
print(a[2:5], a[:3], a[-3:], a[::2], a[1::3], a[::-1], a[8:2:-2], a[5:5], a[20:], a[-20:2], a[:], a[:] is a)
a[2:5] = ["x", "y"]
print(a)
a[0:0] = [100, 101]
a[len(a):] = (7,)
a[1:2] = []
print(a)
a[::2] = [0] * len(a[::2])
print(a)
a[-2:] = range(3)
a[3:3] = "hi"
print(a)
del a[0]
del a[1:3]
del a[-1]
print(a)
del a[::2]
print(a)
a[:] = [1, 2, 3, 4]
a[1:3] = a
print(a)
a[:] = a[::-1]
del a[:]
print(a, [1, 2, 3][slice(1, None)], [1, 2, 3][:-1][0])
b = [1, 2, 3, 4, 5]
b[4:1:-1] = "abc"
print(b)
b[10:] = [6]
b[3:1] = [9]
print(b)


def error(f):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


def assign(key, value):
    def run():
        [1, 2, 3][key] = value
    return run


error(assign(slice(None, None, 2), [1]))
error(assign(slice(0, 1), 5))
error(assign(slice(None, None, 0), []))
error(assign(5, 1))
error(assign("a", 1))
error(assign(slice("a", 2), []))
error(lambda: [1, 2].__delitem__(5))
error(lambda: b["a":])
error(lambda: a[1.5])
