"""Properties and descriptors of a program's own, asked for again and again by one instruction."""


class Celsius:
    def __init__(self):
        self.log = []
        self._t = 0

    @property
    def t(self):
        return self._t

    @t.setter
    def t(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._t = value
        self.log.append(value)

    @t.deleter
    def t(self):
        self.log.append("deleted")
        self._t = 0


c = Celsius()
for value in (1, 2, -300, 3):
    try:
        c.t = value
    except ValueError as e:
        print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)
    c.t += 10
    print(c.t)
for _ in range(3):
    del c.t
print(c.log)


class Parts:
    """The same property with another getter later: the object itself changes."""
    p = property(lambda self: "first")


def read(o):
    for _ in range(3):
        out = o.p
    return out


parts = Parts()
print(read(parts))
Parts.__dict__["p"].__init__(lambda self: "second", lambda self, v: print("set", v))
print(read(parts))
for i in range(3):
    parts.p = i
Parts.__dict__["p"].__init__(None)
try:
    read(parts)
except AttributeError as e:
    print(type(e).__name__)
Parts.__dict__["p"].__init__(len)
try:
    read(parts)
except TypeError as e:
    print(e)
Parts.p = property(lambda self, more=1: more)
print(read(parts))
Parts.p = property(lambda self: (yield 5))
print(next(read(parts)))


class NonData:
    def __get__(self, instance, owner):
        return "got", instance is None, owner.__name__


class Holder:
    d = NonData()


class Sub(Holder):
    pass


def ask(o):
    for _ in range(3):
        out = o.d
    return out


h, s = Holder(), Sub()
print(ask(h), ask(s), ask(Holder), ask(Sub))
h.d = "own"
print(ask(h), ask(s))
# The class of the descriptor learns to set: now it is a data descriptor and wins.
NonData.__set__ = lambda self, instance, value: print("set", value)
print(ask(h), ask(s))
h.d = 1
for i in range(2):
    s.d = i
del NonData.__set__
print(ask(h), ask(s))
NonData.__get__ = lambda self, instance, owner: "another get"
print(ask(h), ask(s))
del NonData.__get__
print(ask(h), type(ask(s)).__name__)
NonData.__get__ = lambda self, instance, owner: "back"
print(ask(h), ask(s))


# What is no descriptor becomes one.
class Plain:
    def __repr__(self):
        return "plain"


class Box:
    item = Plain()


def item(o):
    for _ in range(3):
        out = o.item
    return out


print(item(Box()), item(Box))
Plain.__get__ = lambda self, instance, owner: "described"
print(item(Box()), item(Box))
del Plain.__get__
print(item(Box()), item(Box))


class Described:
    def __get__(self, instance, owner):
        return "by its new class"


Box.__dict__["item"].__class__ = Described
print(item(Box()), item(Box))


class Raising:
    def __get__(self, instance, owner):
        raise LookupError("from __get__")


class Bad:
    r = Raising()

    @property
    def loop(self):
        return self.loop


for _ in range(3):
    try:
        Bad().r
    except LookupError as e:
        print(e, e.__traceback__.tb_next.tb_frame.f_code.co_name)
try:
    Bad().loop
except RecursionError as e:
    print(type(e).__name__)


# A descriptor whose __get__ takes what it is given in other ways.
class Odd:
    def __get__(self, *args):
        return len(args)


class Keyword:
    def __get__(self, instance, owner=None, *, more=7):
        return more


class Many:
    odd, keyword = Odd(), Keyword()
    __slots__ = ("slot",)


m = Many()
for _ in range(3):
    print(m.odd, m.keyword)
m.slot = lambda: "called from a slot"
for _ in range(3):
    print(m.slot())
del m.slot
try:
    m.slot()
except AttributeError as e:
    print(type(e).__name__)


class Cached:
    calls = 0

    @property
    def tree(self):
        Cached.calls += 1
        return Cached.calls if Cached.calls % 5 else self.tree


t = Cached()
print([t.tree for _ in range(9)])
