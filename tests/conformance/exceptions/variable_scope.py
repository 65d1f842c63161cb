# The name after `as` is deleted; the traceback is kept; exceptions in handlers and conditions.
e = "before"
try:
    raise ValueError("x")
except ValueError as e:
    kept = e
try:
    print(e)
except NameError as n:
    print(n)
print(kept, kept.__traceback__ is not None, kept.__traceback__.tb_lineno, kept.__traceback__.tb_frame.f_code.co_name)


def f():
    try:
        raise KeyError("k")
    except KeyError as err:
        del err
    try:
        return err
    except UnboundLocalError as u:
        return str(u)


print(f())


def condition(cls):
    print("condition evaluated")
    return cls


try:
    raise KeyError
except condition(ValueError):
    print("no")
except condition(KeyError):
    print("yes")
except condition(1 / 1):
    print("never evaluated")
import sys


def exc():
    return sys.exc_info()[0].__name__ if sys.exc_info()[0] else None


print(exc())
try:
    raise ValueError
except ValueError:
    print(exc())
    try:
        raise KeyError
    except KeyError:
        print(exc(), sys.exception().__class__.__name__)
    print(exc())
print(exc())


def gen():
    try:
        raise TypeError
    except TypeError:
        yield exc()
        yield exc()
    yield exc()


g = gen()
try:
    raise IndexError
except IndexError:
    print(next(g), exc())
print(next(g), exc(), next(g))
depth = 0
tb = None


def deep(n):
    if n == 0:
        raise RuntimeError("deep")
    deep(n - 1)


try:
    deep(5)
except RuntimeError as r:
    tb = r.__traceback__
while tb:
    depth += 1
    last = tb.tb_lineno, tb.tb_frame.f_code.co_name
    tb = tb.tb_next
print(depth, last)
for i in range(3):
    try:
        [][i]
    except IndexError as ix:
        print(ix, i)
