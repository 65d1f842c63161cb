"""What an attribute is changes while the same instruction goes on asking for it."""


class Base:
    kind = "base"

    def __init__(self):
        self.x = 1

    def m(self):
        return "Base.m", self.x

    @classmethod
    def c(cls):
        return "Base.c", cls.__name__

    @staticmethod
    def s(*args):
        return "Base.s", args

    @property
    def p(self):
        return "Base.p", self.x


class Derived(Base):
    pass


def ask(receiver):
    """Each row is one instruction for all receivers."""
    out = []
    for what in ("m", "c", "s", "p", "kind"):
        try:
            if what == "m":
                out.append(receiver.m())
            elif what == "c":
                out.append(receiver.c())
            elif what == "s":
                out.append(receiver.s())
            elif what == "p":
                out.append(receiver.p)
            else:
                out.append(receiver.kind)
        except Exception as e:
            out.append(f"{type(e).__name__}: {e}")
    return out


def show(title, *receivers):
    print(title)
    for receiver in receivers:
        for _ in range(3):
            answer = ask(receiver)
        print("   ", answer)


b, d = Base(), Derived()
show("fresh", b, d, Base(), b)

# A function becomes a property and a function again.
Base.m = property(lambda self: lambda: ("property m", self.x))
show("m a property", b, d)
Base.m = lambda self: ("function m", self.x)
show("m a function", b, d)
Base.m = staticmethod(lambda: "static m")
show("m static", b, d)
Base.m = classmethod(lambda cls: ("class m", cls.__name__))
show("m of the class", b, d)
Base.m = len
show("m built-in", b)
Base.m = Base.__dict__["s"]
show("m is s", b, d)
del Base.m
show("no m", b, d)
b.m = lambda: "own m"
show("own m", b, d)

# A subclass overrides, and stops overriding.
Derived.p = property(lambda self: "Derived.p")
Derived.c = classmethod(lambda cls: "Derived.c")
Derived.kind = "derived"
show("overridden", b, d)
del Derived.p, Derived.c, Derived.kind
show("inherited again", b, d)

# The instance hides what is no data descriptor.
d.c = lambda: "own c"
d.s = lambda: "own s"
d.kind = "own kind"
show("hidden", d, Derived())
del d.c, d.kind
show("partly hidden", d)
try:
    d.p = 5
except AttributeError as e:
    print(e)
d.__dict__["p"] = "own p"
show("a property is not hidden", d)
Base.p = 5
show("a value is", d, b)


# Through the class itself.
def ask_class(cls):
    out = []
    for _ in range(3):
        out = [cls.c(), cls.s(1), cls.kind]
    return out


print(ask_class(Base), ask_class(Derived))
Base.c = staticmethod(lambda: "static c")
Base.s = classmethod(lambda cls, *args: (cls.__name__, args))
Base.kind = property(lambda self: 1)
print(ask_class(Base)[:2], type(Base.kind).__name__, ask_class(Derived)[:2])
Base.kind = "new kind"
print(ask_class(Base), ask_class(Derived))


class Meta(type):
    def named(cls):
        return "Meta.named", cls.__name__

    value = "of the metaclass"


class Made(metaclass=Meta):
    pass


class Other(metaclass=Meta):
    def named():
        return "Other's own"


def ask_made(cls):
    for _ in range(3):
        out = cls.named(), cls.value
    return out


print(ask_made(Made), ask_made(Other))
Made.value = "of the class"
print(ask_made(Made), ask_made(Other))
Meta.value = property(lambda cls: "property of the metaclass")
print(ask_made(Made), ask_made(Other))
Meta.named = lambda cls: "new"
print(ask_made(Made), ask_made(Other))
Meta.__getattribute__ = lambda cls, name: (lambda: name) if name == "named" else name
print(ask_made(Made), ask_made(Other))


# A method of another class's layout does not fit.
class NoStr:
    up = str.upper


for _ in range(3):
    try:
        NoStr().up()
    except TypeError as e:
        print(e)


# __getattr__ answers what is missing, and what a property says is missing.
class Fallback:
    def __getattr__(self, name):
        return "fallback " + name

    @property
    def broken(self):
        raise AttributeError("inside")

    @property
    def fine(self):
        return "fine"


f = Fallback()
for _ in range(3):
    print(f.broken, f.fine, f.missing)
f.missing = "there"
print(f.missing)
