# super: zero and two arguments, class methods, properties, in nested functions.
class Base:
    label = "base"

    def __init__(self, *args, **kw):
        self.log = ["Base.init", args, kw]

    @classmethod
    def make(cls, x):
        return cls.__name__, x

    @property
    def size(self):
        return 1

    @staticmethod
    def util():
        return "util"

    def __getitem__(self, i):
        return ("base", i)


class Child(Base):
    label = "child"

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.log.append(super().label)

    @classmethod
    def make(cls, x):
        return super().make(x * 2)

    @property
    def size(self):
        return super().size + 10

    @staticmethod
    def util():
        return "child-" + Base.util()

    def __getitem__(self, i):
        return super().__getitem__(i) + ("child",)

    def nested(self):
        def inner():
            return super(Child, self).label
        return inner(), (lambda: __class__.__name__)(), [super(Child, self).label for _ in range(2)]


class Grand(Child):
    pass


c = Grand(1, k=2)
print(c.log, Grand.make("x"), c.size, c.util(), c[3], c.nested(), super(Child, c).label, super(Grand, Grand).label, type(super(Grand, c)).__name__)


class Wrong(Base):
    def __init__(self):
        super().missing()


class NoArgs:
    def f():
        super()


def outside():
    super()


for g in (Wrong, NoArgs.f, outside, lambda: super(Child, 5).label, lambda: super(5)):
    try:
        g()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


class Mixin:
    def save(self):
        return ["mixin"] + super().save()


class Store:
    def save(self):
        return ["store"]


class Real(Mixin, Store):
    pass


print(Real().save())
