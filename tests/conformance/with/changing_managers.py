"""One `with` statement, managers of many kinds, classes that change between two rounds and inside the block."""

log = []


class Manager:
    def __enter__(self):
        log.append("enter")
        return self

    def __exit__(self, *exc):
        log.append(exc[0] and exc[0].__name__)


def use(manager, error=None):
    try:
        with manager as value:
            log.append(type(value).__name__)
            if error:
                raise error
        log.append("after")
    except Exception as e:
        log.append(type(e).__name__ if isinstance(e, TypeError) else f"{type(e).__name__}: {e}")
    out = log[:]
    log.clear()
    return out


m = Manager()
for _ in range(3):
    print(use(m), use(m, KeyError("k")))
Manager.__enter__ = lambda self: 5
print(use(m))
Manager.__exit__ = lambda self, *exc: True
print(use(m), use(m, KeyError("k")))
Manager.__enter__ = staticmethod(lambda: "static")
Manager.__exit__ = staticmethod(lambda *exc: log.append(len(exc)))
print(use(m), use(m, KeyError("k")))
Manager.__enter__ = classmethod(lambda cls: cls)
Manager.__exit__ = classmethod(lambda cls, *exc: log.append(cls.__name__))
print(use(m), use(m, KeyError("k")))
Manager.__exit__ = property(lambda self: lambda *exc: log.append("from a property"))
print(use(m), use(m, KeyError("k")))
# The instance's own methods do not count.
m.__dict__["__enter__"] = m.__dict__["__exit__"] = None
print(use(m))
Manager.__enter__ = int
print(use(m))


class Noted:
    def __init__(self):
        log.append("made")


Manager.__enter__ = Noted
print(use(m))
del Manager.__exit__
print(use(m))
del Manager.__enter__
print(use(m))


# The class changes inside the block: the `__exit__` that was looked up at the beginning is called.
class Changing:
    def __enter__(self):
        type(self).__exit__ = lambda self, *exc: log.append("new exit")

    def __exit__(self, *exc):
        log.append("old exit")


print(use(Changing()), use(Changing()))


class Failing:
    def __enter__(self):
        raise OSError("enter")

    def __exit__(self, *exc):
        log.append("not called")


class FailingExit:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        raise OSError("exit") from value


for _ in range(2):
    print(use(Failing()), use(FailingExit()), use(FailingExit(), KeyError("k")))


class Generator:
    def __enter__(self):
        yield 1

    def __exit__(self, *exc):
        yield 2


print(use(Generator()), use(Generator(), ValueError("v")))


def ways_out(manager):
    for i in range(6):
        with manager, manager:
            if i == 1:
                continue
            if i == 4:
                break
            log.append(i)
    with manager:
        with manager:
            return log[:]


class Plain:
    def __enter__(self):
        log.append("in")

    def __exit__(self, *exc):
        log.append("out")


print(ways_out(Plain()), log)
log.clear()


def suspended(manager):
    with manager:
        yield 1
        yield 2


g = suspended(Plain())
print(next(g), log, next(g), log, list(g), log)
log.clear()
g = suspended(Plain())
next(g)
g.close()
print(log)


class Async:
    async def __aenter__(self):
        return "async"

    async def __aexit__(self, *exc):
        print("async out", exc[0] and exc[0].__name__)
        return exc[0] is KeyError


async def main():
    async with Async() as a, Async() as b:
        print(a, b)
    async with Async():
        raise KeyError
    for i in range(3):
        async with Async():
            if i == 1:
                break


try:
    main().send(None)
except StopIteration:
    print("done")
