# del of names, items, slices, attributes; several at once.
a, b, c = 1, [1, 2, 3, 4], {"x": 1, "y": 2}


class O:
    z = 5


o = O()
o.z = 6
del a, b[0], b[-1:], c["x"], o.z
print(b, c, o.z)
del (b, (c))
for name in ("a", "b", "c"):
    print(name in globals())
try:
    del a
except NameError as e:
    print(e)
try:
    del o.z
except AttributeError as e:
    print(e)
try:
    o.nothing = {}
    del o.nothing["k"]
except KeyError as e:
    print(e)
del O.z
print(hasattr(o, "z"))


def f():
    x = 1
    del x
    x = 2
    return x


def loop():
    for i in range(2):
        v = i
        del v
    try:
        return v
    except UnboundLocalError as e:
        return str(e)


def cell():
    n = 1

    def get():
        return n
    del n
    try:
        get()
    except NameError as e:
        return str(e)


print(f(), loop(), cell())
x = [0, 1, 2, 3, 4, 5]
del x[1:3], x[::2]
print(x)
for bad in (lambda: [].__delitem__(0), lambda: (1,).__delitem__(0)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
t = (1, 2)
try:
    del t[0]
except TypeError as e:
    print(e)
