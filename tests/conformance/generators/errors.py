# Errors: StopIteration inside, already executing, exceptions out of generators, finally on collection.
def stops():
    yield 1
    raise StopIteration("inner")


def leaks():
    yield next(iter([]))


for make in (stops, leaks):
    try:
        print(list(make()))
    except RuntimeError as e:
        print(e, type(e.__cause__).__name__)


def reenter():
    yield 1
    yield next(g)


g = reenter()
print(next(g))
try:
    next(g)
except ValueError as e:
    print(e)


def send_self():
    g2.send(None)
    yield


g2 = send_self()
try:
    next(g2)
except ValueError as e:
    print(e)


def fails():
    yield 1
    1 / 0
    yield 2


f = fails()
print(next(f))
try:
    next(f)
except ZeroDivisionError as e:
    print(e)
print(next(f, "dead"))


def cleanup(tag):
    try:
        yield tag
        yield "never"
    finally:
        print("cleanup", tag)


c = cleanup("del")
next(c)
del c
for x in cleanup("break"):
    break
x = cleanup("unstarted")
del x
c = cleanup("rebound")
next(c)
c = None


def nested():
    try:
        yield from cleanup("inner")
    finally:
        print("outer cleanup")


n = nested()
next(n)
n.close()
a, *_ = [next(cleanup("next"))]
print("end")


def in_finally():
    try:
        return "r"
    finally:
        yield "from finally"


print(list(in_finally()))


def loop_finally():
    for i in range(3):
        try:
            if i == 1:
                continue
            yield i
        finally:
            yield f"f{i}"


print(list(loop_finally()))
