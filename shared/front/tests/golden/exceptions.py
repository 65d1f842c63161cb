def handlers(f):
    try:
        f()
    except (A, B) as e:
        print(e)
        raise
    except C:
        return 1
    except:
        raise D from None
    else:
        f = 2
    finally:
        f.close()


def leave(xs):
    for x in xs:
        try:
            if x:
                continue
            if x.y:
                break
            return x
        finally:
            done(x)


def context(a, b):
    with a as x, b:
        x(1)
    with a:
        return x


def override(xs):
    for x in xs:
        try:
            return x.y
        finally:
            if x:
                break
