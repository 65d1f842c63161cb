# C3 linearisation, cooperative super, and its failure.
class A:
    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B"] + super().who()


class C(A):
    def who(self):
        return ["C"] + super().who()


class D(B, C):
    def who(self):
        return ["D"] + super().who()


class E(C):
    pass


class F(D, E):
    def who(self):
        return ["F"] + super().who()


print([c.__name__ for c in F.__mro__], F().who(), D().who(), E().who(), [c.__name__ for c in F.mro()], D.__base__.__name__, [c.__name__ for c in A.__subclasses__()])
for bases in ((A, B), (B, C, B), (D, B, A, C), (object, A)):
    try:
        print([c.__name__ for c in type("X", bases, {}).__mro__])
    except TypeError as e:
        print(str(e).replace("\n", " "))
print([c.__name__ for c in type("Y", (E, B), {}).__mro__])


class X1:
    pass


class Y1:
    pass


class P(X1, Y1):
    pass


class Q(Y1, X1):
    pass


try:
    class Z(P, Q):
        pass
except TypeError as e:
    print(e)
for make in (lambda: type("T", (5,), {}), lambda: type("T", (int, str), {}), lambda: type("T", (A,), 5), lambda: type(5, (A,), {}), lambda: type("T", (type(lambda: 0),), {}), lambda: type(1, 2)):
    try:
        print(make())
    except TypeError as e:
        print(e)
