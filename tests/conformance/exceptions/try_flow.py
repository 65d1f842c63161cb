# try, except, else, finally in every combination with return, break and continue.
def flow(action):
    log = []
    for i in range(2):
        try:
            log.append(f"try{i}")
            if action == "raise":
                raise ValueError
            if action == "break":
                break
            if action == "continue":
                continue
            if action == "return":
                return log + ["returned"]
        except ValueError:
            log.append("except")
        else:
            log.append("else")
        finally:
            log.append("finally")
    else:
        log.append("for-else")
    return log


for action in ("none", "raise", "break", "continue", "return"):
    print(action, flow(action))


def nested():
    out = []
    try:
        try:
            raise KeyError("a")
        except ValueError:
            out.append("wrong")
        finally:
            out.append("inner finally")
    except KeyError as e:
        out.append(f"outer {e}")
    else:
        out.append("no")
    finally:
        out.append("outer finally")
    return out


def returns_value():
    x = 1
    try:
        return x
    finally:
        x = 2


def except_return():
    try:
        raise ValueError
    except ValueError:
        return "except"
    finally:
        print("before return")


def loop_finally():
    r = []
    while True:
        try:
            try:
                r.append("a")
                if len(r) > 4:
                    break
                continue
            finally:
                r.append("b")
        finally:
            r.append("c")
    return r


def finally_raises():
    try:
        raise ValueError("first")
    finally:
        raise KeyError("second")


print(nested(), returns_value(), except_return(), loop_finally())
try:
    finally_raises()
except KeyError as e:
    print(repr(e), repr(e.__context__))


def else_raises():
    try:
        pass
    except ValueError:
        print("not here")
    else:
        raise ValueError("from else")


try:
    else_raises()
except ValueError as e:
    print(e)


def multi(e):
    try:
        raise e
    except (TypeError, KeyError) as x:
        return "tuple", type(x).__name__
    except ArithmeticError:
        return "arith"
    except Exception as x:
        return "exception"
    except BaseException:
        return "base"


print([multi(e) for e in (TypeError(), KeyError(), ZeroDivisionError(), OverflowError(), ValueError(), SystemExit(), KeyboardInterrupt(), StopIteration)])
try:
    raise ValueError
except:
    print("bare")
