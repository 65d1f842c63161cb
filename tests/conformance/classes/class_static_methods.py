# classmethod and staticmethod.
class C:
    instances = 0

    def __init__(self, v=None):
        self.v = v
        type(self).instances += 1

    @classmethod
    def create(cls, v):
        return cls(v)

    @classmethod
    def total(cls):
        return cls.__name__, cls.instances

    @staticmethod
    def helper(a, b=2):
        return a * b

    plain = staticmethod(len)
    alt = classmethod(lambda cls: cls.__name__)


class D(C):
    instances = 10


print(type(D.create(1)).__name__, C.create(2).v, D.total(), C.total(), C(0).total(), C.helper(3), C(1).helper(3, 3), C.plain("abc"), D.alt(), D().alt())
print(D.total.__self__.__name__, C.helper.__name__, type(C.__dict__["helper"]).__name__, type(C.__dict__["create"]).__name__, C.create.__func__.__name__, staticmethod(len)([1]), callable(C.__dict__["helper"]))
f = D.create
print(type(f(5)).__name__)


class Factory:
    registry = {}

    @classmethod
    def register(cls, name):
        def deco(sub):
            cls.registry[name] = sub
            return sub
        return deco


@Factory.register("a")
class A(Factory):
    pass


print(Factory.registry["a"] is A, list(A.registry))
