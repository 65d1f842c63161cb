# raise from, __cause__, __context__, __suppress_context__.
def describe(e):
    return f"{type(e).__name__}({e}) cause={e.__cause__!r} context={e.__context__!r} suppress={e.__suppress_context__}"


try:
    try:
        1 / 0
    except ZeroDivisionError as z:
        raise ValueError("explicit") from z
except ValueError as e:
    print(describe(e))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("implicit")
except ValueError as e:
    print(describe(e))
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("none") from None
except ValueError as e:
    print(describe(e))
try:
    raise ValueError("class cause") from KeyError
except ValueError as e:
    print(describe(e))
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
try:
    try:
        raise KeyError(1)
    except KeyError:
        try:
            raise ValueError(2)
        except ValueError:
            raise TypeError(3)
except TypeError as e:
    print(describe(e), describe(e.__context__))
try:
    try:
        raise KeyError("again")
    except KeyError:
        raise
except KeyError as e:
    print(describe(e))
try:
    raise
except RuntimeError as e:
    print(e)


def handler_context():
    try:
        raise ValueError("v")
    except ValueError:
        pass
    try:
        raise KeyError("k")
    except KeyError as e:
        return describe(e)


print(handler_context())
e = ValueError("x")
e.__cause__ = KeyError("set")
e.__context__ = None
print(describe(e))
for attr, value in (("__cause__", 5), ("__context__", "x"), ("__traceback__", 1)):
    try:
        setattr(e, attr, value)
    except TypeError as t:
        print(t)
try:
    try:
        raise e
    finally:
        try:
            raise IndexError
        except IndexError as i:
            print(repr(i.__context__))
except ValueError as x:
    print(x is e, x.__context__)
