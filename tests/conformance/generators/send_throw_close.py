# send, throw, close.
def echo():
    got = "first"
    while True:
        try:
            got = yield got
            print("got", got)
        except ValueError as e:
            print("caught", e)
            got = "recovered"
        finally:
            print("loop finally")


g = echo()
print(next(g), g.send(1), g.send(None), g.throw(ValueError("v")), g.throw(ValueError), next(g))
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print("out", e)
print(next(g, "finished"))
g = echo()
try:
    g.send("early")
except TypeError as e:
    print(e)
next(g)
print(g.close(), g.close())


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e)


def closing():
    try:
        yield 1
    except GeneratorExit:
        print("closing")
        return "value"


c = closing()
next(c)
print(c.close())
n = closing()
print(n.close(), list(n))
t = closing()
try:
    t.throw(ValueError("before start"))
except ValueError as e:
    print(e, list(t))


def average():
    total = count = 0
    mean = None
    while True:
        x = yield mean
        if x is None:
            return total
        total += x
        count += 1
        mean = total / count


a = average()
next(a)
print(a.send(10), a.send(20))
try:
    a.send(None)
except StopIteration as e:
    print(e.value)
for bad in (5, "x", int):
    try:
        average().throw(bad)
    except TypeError as e:
        print(e)
