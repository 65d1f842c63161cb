# Operator overloading: binary, reflected, in-place, unary.
class V:
    def __init__(self, *xs):
        self.xs = xs

    def __repr__(self):
        return f"V{self.xs}"

    def __add__(self, o):
        return V(*(a + b for a, b in zip(self.xs, o.xs))) if isinstance(o, V) else NotImplemented

    def __mul__(self, k):
        return V(*(a * k for a in self.xs)) if isinstance(k, int) else NotImplemented

    def __rmul__(self, k):
        return ("rmul", self * k)

    def __iadd__(self, o):
        self.xs = tuple(a + b for a, b in zip(self.xs, o.xs))
        return self

    def __matmul__(self, o):
        return sum(a * b for a, b in zip(self.xs, o.xs))

    def __neg__(self):
        return V(*(-a for a in self.xs))

    def __pos__(self):
        return "pos"

    def __invert__(self):
        return "inv"

    def __abs__(self):
        return max(self.xs)

    def __rsub__(self, o):
        return ("rsub", o)


v = V(1, 2)
alias = v
print(v + V(3, 4), v * 3, 3 * v, v @ V(2, 2), -v, +v, ~v, abs(V(1, -5)), 10 - v)
v += V(1, 1)
print(v, alias is v)
v *= 2
print(v, alias is v)


class All:
    def __getattr__(self, n):
        raise AttributeError(n)


for name in "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split():
    setattr(All, f"__{name}__", lambda s, o, n=name: n)
    setattr(All, f"__r{name}__", lambda s, o, n=name: "r" + n)
    setattr(All, f"__i{name}__", lambda s, o, n=name: "i" + n)
setattr(All, "__divmod__", lambda s, o: "divmod")
setattr(All, "__rdivmod__", lambda s, o: "rdivmod")
a = All()
print(a + 1, a - 1, a * 1, a / 1, a // 1, a % 1, a ** 1, a << 1, a >> 1, a & 1, a | 1, a ^ 1, a @ 1, divmod(a, 1))
print(1 + a, 1 - a, 1 * a, 1 / a, 1 // a, 1 % a, 1 ** a, 1 << a, 1 >> a, 1 & a, 1 | a, 1 ^ a, 1 @ a, divmod(1, a), "x" + a, [1] * a if False else "-")
for op in "+ - * / // % ** << >> & | ^ @".split():
    space = {"a": All()}
    exec(f"a {op}= 1", space)
    print(space["a"], end=" ")
print()


class L:
    def __add__(self, o):
        return "L.add"

    def __radd__(self, o):
        return "L.radd"


class M(L):
    def __radd__(self, o):
        return "M.radd first"


class N:
    def __add__(self, o):
        return NotImplemented

    def __radd__(self, o):
        return NotImplemented


print(L() + M(), L() + L(), M() + L(), 5 + L(), N() + L())
for g in (lambda: N() + N(), lambda: N() + 1, lambda: 1 + N(), lambda: v + 1, lambda: v * "a", lambda: v - 1, lambda: V(1) ** 2, lambda: pow(V(1), 2, 3)):
    try:
        print(g())
    except TypeError as e:
        print(e)
