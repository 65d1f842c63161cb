# A class changes while its methods are called and its instances read.
from support import hammer, rounds

n = rounds(12000)


class Base:
    tag = 0

    def who(self):
        return "base"


class Child(Base):
    pass


obj = Child()


def caller():
    for i in range(n):
        assert obj.who() in ("base", "child", "patched")
        assert type(obj.tag) is int
        assert obj.stable() == 42 if hasattr(obj, "stable") and False else True
        Child().who()


def patch_child():
    for i in range(n // 4):
        Child.who = lambda self: "child"
        del Child.who


def patch_base():
    for i in range(n // 4):
        Base.who = lambda self: "patched"
        Base.tag = i


def add_remove():
    for i in range(n // 4):
        setattr(Child, f"m{i % 20}", lambda self: i)
        getattr(obj, f"m{i % 20}", None)
        try:
            delattr(Child, f"m{(i + 10) % 20}")
        except AttributeError:
            pass


def subclasses():
    for i in range(n // 20):
        t = type("T", (Child,), {"x": i})
        assert t().x == i and t().who() in ("base", "child", "patched")


hammer(caller, caller, patch_child, patch_base, add_remove, subclasses)
print("ok")
