# Instructions that meet objects of several classes in turn, members of __slots__ that come and go, and a member that was
# put into a class it does not belong to.
class A:
    __slots__ = ("x", "y")

    def __init__(self, x):
        self.x = x
        self.y = x + 1


class B:
    def __init__(self, x):
        self.y = x * 10
        self.x = x


class C(B):
    x2 = 5

    def __init__(self, x, *, scale=2, **rest):
        super().__init__(x * scale)
        self.rest = sorted(rest)


def total(things):
    n = 0
    for thing in things:
        n += thing.x + thing.y
        thing.x = n % 7
    return n


for _ in range(3):
    print(total([A(1), B(2), C(3), C(x=4, scale=3, a=1, b=2), A(5), B(6)]))


def renew(thing):
    for i in range(3):
        try:
            print(thing.x)
        except AttributeError as e:
            print("none:", e)
        thing.x = i
        print(thing.x)
        del thing.x


renew(A(1))
renew(B(1))


class D:
    def __init__(self):
        self.a, self.b = 1, 2


D.x = A.x


def read(thing):
    return thing.x


def write(thing):
    thing.x = 1


for _ in range(3):
    for f in (read, write):
        try:
            f(D())
        except TypeError as e:
            print(e)


class E:
    def __init__(self):
        return self.wrong

    wrong = None


E()
E.wrong = 3
try:
    E()
except TypeError as e:
    print(e)
E.__init__ = lambda self, a=1, *more, k=4: print(a, more, k)
E(), E(2), E(2, 3), E(k=5), E(7, 8, k=9)
E.__new__ = lambda cls, *a, **k: "made"
print(E(1, 2, x=3))


def defaults(a, b=2, /, c=3, *args, d=4, e):
    return a, b, c, args, d, e


print(defaults(1, e=0), defaults(1, 5, e=0, c=7), defaults(1, 2, 3, 4, 5, d=6, e=7))
for bad in (
    lambda: defaults(1),
    lambda: defaults(e=1),
    lambda: defaults(1, e=1, b=2),
    lambda: defaults(1, 2, 3, c=4, e=5),
    lambda: defaults(1, e=1, f=2),
):
    try:
        bad()
    except TypeError as e:
        print(e)
defaults.__defaults__ = (8, 9)
defaults.__kwdefaults__ = {"e": 10}
print(defaults(1, d=3))
a, b = [1, 2]
a, b, c = [a, b], (a, b), {a: b}
print(a, b, c)
for bad in (lambda x: [(p, q) for p, q in [x]], lambda x: [(p, q, r) for p, q, r in [x]]):
    for value in ([1], (1, 2), [1, 2], (1, 2, 3), [1, 2, 3], {1: 2, 3: 4}, "ab", 5):
        try:
            print(bad(value))
        except (ValueError, TypeError) as e:
            print(type(e).__name__)
