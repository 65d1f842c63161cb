# __init_subclass__, __class_getitem__, __set_name__ order.
class Plugin:
    registry = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append((cls.__name__, tag))


class A(Plugin, tag="a"):
    pass


class B(A):
    pass


print(Plugin.registry)
try:
    class C(tag=1):
        pass
except TypeError as e:
    print(e)


class G:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


print(G[int], G["x", 1])


class Field:
    def __set_name__(self, owner, name):
        self.name = name
        owner.fields = getattr(owner, "fields", []) + [name]


class Model:
    a = Field()
    b = Field()

    def __init_subclass__(cls):
        print("subclass", cls.__name__, cls.fields)


class User(Model):
    c = Field()


print(Model.fields, User.fields, User.__dict__["c"].name)


class BadField:
    def __set_name__(self, owner, name):
        raise ValueError("bad name " + name)


try:
    class M:
        f = BadField()
except ValueError as e:
    print(e, e.__notes__)
