# Classes, instances, attributes, methods.
class Animal:
    """An animal."""
    kind = "generic"
    count = 0

    def __init__(self, name, sound="..."):
        self.name = name
        self.sound = sound
        Animal.count += 1

    def speak(self):
        return f"{self.name} says {self.sound}"

    def rename(self, name):
        self.name = name
        return self


a, b = Animal("Rex", "woof"), Animal(name="Tom")
print(a.speak(), b.speak(), Animal.count, a.count, a.kind, Animal.kind, a.rename("Max").speak())
a.kind = "dog"
Animal.kind = "changed"
print(a.kind, b.kind, a.__dict__, b.__dict__, Animal.__name__, Animal.__doc__, a.__class__.__name__, Animal.__module__, Animal.__qualname__, type(a) is Animal)
del a.kind
print(a.kind, hasattr(a, "zzz"), getattr(a, "zzz", "default"), isinstance(a, Animal), isinstance(a, object), issubclass(Animal, object), isinstance(5, (str, int)))
a.extra = [1]
a.extra.append(2)
f = a.speak
a.name = "Late"
print(f(), Animal.speak(b), a.extra, "extra" in a.__dict__, vars(a) is a.__dict__, sorted(a.__dict__))
Animal.shout = lambda self: self.speak().upper()
print(a.shout(), b.shout())
a.speak = lambda: "instance"
print(a.speak(), b.speak())


class Empty:
    pass


class Dog(Animal):
    def __init__(self, name):
        super().__init__(name, "wuff")
        self.tricks = []

    def speak(self):
        return "Dog " + super().speak()


d = Dog("Bo")
print(d.speak(), d.tricks, isinstance(d, Animal), Dog.__bases__, Dog.__mro__[1].__name__, Empty() != Empty(), Empty.__dict__.get("__module__"), type(Empty).__name__)
for g in (lambda: a.missing, lambda: Animal.missing, lambda: Empty(1), lambda: a(), lambda: Animal(), lambda: a + b, lambda: a < b, lambda: len(a), lambda: a[0], lambda: iter(a), lambda: delattr(a, "nope"), lambda: Empty.missing, lambda: object().x, lambda: setattr(object(), "x", 1), lambda: setattr(5, "x", 1), lambda: int.foo):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
