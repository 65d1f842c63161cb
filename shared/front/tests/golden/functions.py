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


def generic[T: int, *Ts, **P](x: T, y=1, *, z: Local = 2) -> T:
    return t"{x!r:>{y}} {z}"


async def asynchronous(xs, lock):
    async with lock as held:
        async for x in xs:
            if x:
                continue
            return held
    return [y async for y in xs if await y]
