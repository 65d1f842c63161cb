# The exact words when arguments do not fit.
def none():
    pass


def one(a):
    pass


def two(a, b):
    pass


def opt(a, b=1):
    pass


def kwonly(*, k, m):
    pass


def posonly(a, b, /):
    pass


def mixed(a, /, b, *, c):
    pass


def three(a, b, c):
    pass


def var(a, *args, k, **kw):
    pass


class C:
    def method(self, x):
        pass

    @staticmethod
    def static(x):
        pass

    @classmethod
    def cls(cls, x):
        pass


class Init:
    def __init__(self, x):
        pass


def error(f):
    try:
        f()
        print("no error")
    except TypeError as e:
        print(e)


calls = [lambda: none(1), lambda: none(1, 2), lambda: one(), lambda: one(1, 2), lambda: two(), lambda: two(1), lambda: three(), lambda: two(b=1), lambda: opt(), lambda: opt(1, 2, 3), lambda: one(b=1), lambda: one(1, a=2), lambda: two(1, 2, c=3), lambda: kwonly(), lambda: kwonly(k=1), lambda: kwonly(1), lambda: posonly(1), lambda: posonly(a=1, b=2), lambda: mixed(1), lambda: mixed(1, 2), lambda: mixed(1, 2, 3), lambda: var(), lambda: var(1), lambda: var(1, 2), lambda: one(1, 2, 3, x=4), lambda: kwonly(1, k=1, m=2), lambda: opt(1, 2, 3, b=5)]
for call in calls:
    error(call)
for call in (lambda: C().method(), lambda: C().method(1, 2), lambda: C.method(), lambda: C.static(), lambda: C.cls(), lambda: C(1), lambda: Init(), lambda: Init(1, 2), lambda: Init(y=1), lambda: (lambda x: x)(), lambda: C.missing):
    try:
        call()
    except (TypeError, AttributeError) as e:
        print(e)
one_arg = 5
for call in (lambda: one_arg(), lambda: one(*5), lambda: one(**5), lambda: one(**{1: 2}), lambda: two(1, **{"a": 2}), lambda: one(*[1], **{"a": 1}), lambda: dict(**{"a": 1}, **{"a": 2}), lambda: none(**[]), lambda: len(), lambda: len(1, 2), lambda: len(obj=[]), lambda: print(foo=1), lambda: isinstance(1), lambda: [].append(x=1), lambda: int(x=1), lambda: sorted()):
    error(call)
