# __repr__, __str__, __format__ and their fallbacks.
class R:
    def __repr__(self):
        return "R()"


class S(R):
    def __str__(self):
        return "S!"


class F(S):
    def __format__(self, spec):
        return f"F[{spec}]"


class Plain:
    pass


r, s, f = R(), S(), F()
print(r, s, f, [r, s], (s,), {s: f}, str(r), repr(s), f"{r} {s} {s!r} {f:abc} {f}", "%s %r" % (s, s), "{} {!r} {:x}".format(s, s, f), format(r))
print(repr(Plain()).startswith("<__main__.Plain object at 0x"), str(Plain) , repr(int), repr(type), repr(Plain.__init__)[:15], str(None), [Plain], type(r))


class Bad:
    def __repr__(self):
        return 5


class BadStr:
    def __str__(self):
        return None


class BadFormat:
    def __format__(self, spec):
        return 1


class Raises:
    def __repr__(self):
        raise ValueError("in repr")


for g in (lambda: repr(Bad()), lambda: str(Bad()), lambda: str(BadStr()), lambda: format(BadFormat()), lambda: print(Raises()), lambda: [Raises()].__repr__(), lambda: f"{Raises()}", lambda: "%s" % Bad(), lambda: format(Plain(), "5")):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


class Node:
    def __init__(self, v, children=()):
        self.v, self.children = v, list(children)

    def __repr__(self):
        return f"Node({self.v!r}, {self.children!r})" if self.children else f"Node({self.v!r})"


print(Node(1, [Node("a"), Node(2, [Node(None)])]))


class Outer:
    class Inner:
        pass


def local():
    class Local:
        pass
    return Local


print(Outer.Inner, local())
