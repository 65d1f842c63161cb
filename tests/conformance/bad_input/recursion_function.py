# Runaway recursion is a RecursionError that can be caught, again and again.
def f(n):
    return f(n + 1) + 1


class C:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __hash__(self):
        return hash(self)

    def __call__(self):
        return self()

    def __len__(self):
        return len(self)

    def __getitem__(self, i):
        return self[i]

    def __add__(self, other):
        return self + other

    def __iter__(self):
        return iter(self)

    def __bool__(self):
        return bool(self)

    def __lt__(self, other):
        return self < other

    def __str__(self):
        return f"{self}"


def gen(n):
    yield from gen(n + 1)


class Endless:
    """Its text is that of a container that holds another one."""
    def __init__(self, wrap):
        self.wrap = wrap

    def __repr__(self):
        return repr(self.wrap(Endless(self.wrap)))


def own_list():
    own = []
    own.append(own)
    return own


def own_dict():
    own = {}
    own[0] = own
    return own


c = C()
a, b = own_list(), own_list()
cases = {
    "function": lambda: f(0), "getattr": lambda: c.x, "repr": lambda: repr(c), "eq": lambda: c == 1, "hash": lambda: hash(c), "call": lambda: c(), "len": lambda: len(c),
    "getitem": lambda: c[0], "add": lambda: c + 1, "iter": lambda: iter(c), "bool": lambda: bool(c), "lt": lambda: c < 1, "str": lambda: str(c), "yield from": lambda: next(gen(0)),
    "sort key": lambda: sorted([1, 2], key=lambda x: f(x)), "repr list": lambda: repr(Endless(lambda e: [e])), "compare lists": lambda: a == b, "repr tuple": lambda: repr(Endless(lambda e: (e,))),
    "repr dict": lambda: repr(Endless(lambda e: {0: e})), "compare dicts": lambda: own_dict() == own_dict(), "less lists": lambda: a < b,
    "map": lambda: list(map(f, [1])), "isinstance": lambda: f(0), "eval": lambda: eval("f(0)"),
}
for name, case in cases.items():
    for _ in range(2):
        try:
            case()
            print(name, "no error")
        except RecursionError as e:
            print(name, type(e).__name__, str(e).startswith("maximum recursion depth exceeded"))
del a, b
print("still alive")
