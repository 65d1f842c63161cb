# Metaclasses: __new__, __init__, __call__, __prepare__, conflicts, keyword arguments.
class Meta(type):
    def __new__(mcls, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        ns["added"] = name.lower()
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        print("init", name)
        super().__init__(name, bases, ns)

    def __call__(cls, *args):
        print("call", cls.__name__, args)
        return super().__call__(*args)

    def on_class(cls):
        return "meta method of " + cls.__name__

    @property
    def prop(cls):
        return cls.added + "!"

    def __len__(cls):
        return 7

    def __contains__(cls, x):
        return x == 1

    def __iter__(cls):
        return iter("it")

    def __getitem__(cls, k):
        return (cls.__name__, k)

    def __repr__(cls):
        return f"<Meta {cls.__name__}>"


class A(metaclass=Meta, flag=1):
    def f(self):
        return "f"


class B(A):
    x = 1


b = B()
print(type(A), type(B).__name__, A.added, b.added, A.on_class(), B.prop, len(A), 1 in A, list(A), A["k"], A, [B], b.f(), isinstance(A, Meta), hasattr(b, "on_class"))
C = Meta("C", (A,), {"y": 2})
print(C().y, type(C).__name__)


class Ordered(type):
    @classmethod
    def __prepare__(mcls, name, bases):
        print("prepare", name)
        return {"prepared": True}


class D(metaclass=Ordered):
    z = prepared


print(D.z, D.prepared)


class OtherMeta(type):
    pass


class O(metaclass=OtherMeta):
    pass


try:
    class Bad(A, O):
        pass
except TypeError as e:
    print(e)


class Singleton(type):
    instances = {}

    def __call__(cls, *a):
        if cls not in cls.instances:
            cls.instances[cls] = super().__call__(*a)
        return cls.instances[cls]


class Config(metaclass=Singleton):
    def __init__(self):
        print("made once")


print(Config() is Config())


def function_meta(name, bases, ns):
    return name, bases, ns["v"]


class F(metaclass=function_meta):
    v = 3


print(F)
