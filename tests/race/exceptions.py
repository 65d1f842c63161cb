# Exceptions raised and caught everywhere, shared exception objects, tracebacks read by others.
import traceback

from support import hammer, rounds

n = rounds(4000)
shared = ValueError("shared")
last = [None]


def deep(k):
    if k == 0:
        raise KeyError("deep")
    deep(k - 1)


def raiser():
    for i in range(n):
        try:
            deep(5)
        except KeyError as e:
            last[0] = e
        try:
            try:
                1 / 0
            except ZeroDivisionError as z:
                raise ValueError(i) from z
        except ValueError as v:
            assert v.args == (i,) and type(v.__cause__) is ZeroDivisionError


def same():
    for i in range(n):
        try:
            raise shared
        except ValueError as e:
            assert e is shared
        shared.__traceback__ = None


def reader():
    for i in range(n // 10):
        e = last[0]
        if e is not None:
            assert "deep" in "".join(traceback.format_exception_only(e))
            tb = e.__traceback__
            while tb:
                assert tb.tb_lineno > 0
                tb = tb.tb_next


def finals():
    done = 0
    for i in range(n):
        try:
            if i % 2:
                raise IndexError
        except IndexError:
            continue
        finally:
            done += 1
    assert done == n


hammer(raiser, raiser, same, same, reader, finals)
print("ok")
