# A fresh list has two references with one name, three with two: at module level and in a function.
import sys
a = []
print(sys.getrefcount(a))
b = a
print(sys.getrefcount(a))
del b
print(sys.getrefcount(a))
d = {"k": a}
t = (a, a)
print(sys.getrefcount(a))
d.clear()
del t
print(sys.getrefcount(a))


class C:
    pass


def f():
    x = []
    one = sys.getrefcount(x)
    y = x
    two = sys.getrefcount(x)
    y = None
    c = C()
    c.attr = x
    three = sys.getrefcount(x)
    del c
    z = [x, x]
    four = sys.getrefcount(x)
    z.pop()
    return one, two, three, four, sys.getrefcount(x)


print(f())


def argument(p):
    return sys.getrefcount(p)


print(argument([]) - argument([]))
s = {1, 2}
o = C()
print(sys.getrefcount(s), sys.getrefcount(o), sys.getrefcount([]), sys.getrefcount({}), sys.getrefcount(C()))
held = [o]
print(sys.getrefcount(o))
held.append(held[0])
print(sys.getrefcount(o))
held.clear()
print(sys.getrefcount(o))
for i in [[1]]:
    print(sys.getrefcount(i))
try:
    sys.getrefcount()
except TypeError as e:
    print(e)
