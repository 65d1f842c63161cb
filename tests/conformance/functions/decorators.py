# Decorators: order, arguments, classes, wraps.
import functools


def log(tag):
    print("factory", tag)

    def wrap(f):
        print("wrap", tag, f.__name__)

        @functools.wraps(f)
        def inner(*args, **kw):
            print("call", tag)
            return f(*args, **kw)
        return inner
    return wrap


@log("outer")
@log("inner")
def add(a, b=1):
    "Adds."
    return a + b


print(add(2), add(2, b=3), add.__name__, add.__doc__, add.__wrapped__.__name__)


class Memo:
    def __init__(self, f):
        self.f, self.cache = f, {}

    def __call__(self, n):
        if n not in self.cache:
            self.cache[n] = self.f(n)
        return self.cache[n]


@Memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), len(fib.cache))


def register(table):
    return lambda f: table.setdefault(f.__name__, f)


table = {}


@register(table)
def one():
    return 1


@lambda f: f()
def value():
    return "called at once"


@str
class Text:
    pass


print(table["one"]() + one(), value, Text, [d for d in [staticmethod, property]][0] is staticmethod)


@functools.lru_cache(maxsize=None)
def slow(n):
    print("slow", n)
    return n * 2


print(slow(3), slow(3), slow(4), slow.cache_info())
print(functools.reduce(lambda a, b: a * b, range(1, 6)), functools.partial(int, base=2)("101"), functools.reduce(max, [3, 1], 5))
