def outer(a, b=1, /, c=(2, 3), *args, d, e=a0, **kw):
    """Doc."""
    count = 0

    def inner():
        nonlocal count
        count += 1
        del kw
        return lambda: (a, count)

    return inner


@decorator
@other(1)
def decorated(x: int, *ys: str) -> None:
    global g
    g = x
    del g


def generator(n):
    got = yield
    other = yield n
    result = yield from got
    return result


async def coroutine(x):
    return await x
