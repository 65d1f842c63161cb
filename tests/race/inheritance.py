# Classes created, called and dropped by all threads; __subclasses__ and __bases__ read meanwhile.
import gc

from support import hammer, rounds

n = rounds(60)


class Root:
    def __init_subclass__(cls, **kw):
        cls.made = True

    def value(self):
        return 1


def make():
    for i in range(n):
        class Left(Root):
            def value(self):
                return super().value() + 1

        class Right(Root):
            pass

        class Both(Left, Right):
            def value(self):
                return super().value() * 10
        assert Both().value() == 20 and Both.made


def look():
    for i in range(n):
        for c in Root.__subclasses__():
            c.__name__, c.__mro__, c.made if hasattr(c, "made") else None


def collect():
    for i in range(20):
        gc.collect()


hammer(make, make, look, collect)
print("ok")
