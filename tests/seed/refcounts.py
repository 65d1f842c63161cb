"""Names, containers and frames that hold an object, counted."""
import sys


class Thing:
    alive = 0

    def __init__(self):
        Thing.alive += 1

    def __del__(self):
        Thing.alive -= 1


a = Thing()
print("one name:", sys.getrefcount(a))
b = a
print("two names:", sys.getrefcount(a))
box = [a, a]
print("and twice in a list:", sys.getrefcount(a))
del b, box
print("one name again:", sys.getrefcount(a))


def inspect(x):
    return sys.getrefcount(x)


print("in a call:", inspect(a) - sys.getrefcount(a), "more" if inspect(a) > sys.getrefcount(a) else "")
a = None
print("alive:", Thing.alive)
things = [Thing() for _ in range(5)]
print("alive:", Thing.alive)
things.pop()
things[0] = None
print("alive:", Thing.alive)
del things
print("alive:", Thing.alive)
