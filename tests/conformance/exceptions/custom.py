# Exception classes: args, str, repr, attributes, hierarchy.
class AppError(Exception):
    pass


class Coded(AppError):
    def __init__(self, code, *rest):
        super().__init__(code, *rest)
        self.code = code

    def __str__(self):
        return f"code {self.code}"


class Silent(Exception):
    def __init__(self, x):
        self.x = x


for e in (AppError(), AppError("m"), AppError("a", 1), Coded(5), Coded(6, "x"), Silent(3), KeyError("k"), KeyError(), KeyError("a", "b"), OSError(2, "No such file"), OSError("just text"), ValueError(None), StopIteration(7), SystemExit(3), UnicodeError("u")):
    print(type(e).__name__, "|", str(e), "|", repr(e), "|", e.args)
print(Coded(5).code, Coded.__mro__[1:4], OSError(2, "x").errno, OSError(2, "x", "file").filename, OSError(2, "x", "file"), type(OSError(2, "x")).__name__, StopIteration(7).value, SystemExit(3).code, KeyError(1) == KeyError(1), AttributeError("m", name="n").name, NameError("m", name="q").name, ImportError("m", name="mod", path="p").path)
print([c.__name__ for c in ZeroDivisionError.__mro__], issubclass(KeyError, LookupError), issubclass(IndexError, LookupError), issubclass(RecursionError, RuntimeError), issubclass(FileNotFoundError, OSError), issubclass(UnboundLocalError, NameError), issubclass(ModuleNotFoundError, ImportError), issubclass(NotImplementedError, RuntimeError), issubclass(KeyboardInterrupt, Exception), issubclass(IndentationError, SyntaxError), IOError is OSError, issubclass(TimeoutError, OSError), issubclass(UnicodeDecodeError, ValueError), issubclass(GeneratorExit, Exception))
e = AppError("note")
e.add_note("extra")
e.extra = 1
print(e.__notes__, e.extra, e.with_traceback(None) is e, e.__traceback__)
e.args = ("changed", 2)
print(e, e.args)
for make in (lambda: e.add_note(5), lambda: Coded(), lambda: ValueError(x=1), lambda: Silent()):
    try:
        make()
    except TypeError as t:
        print(t)


def raise_it(x):
    raise x


for bad in (5, "text", None, int, object()):
    try:
        raise_it(bad)
    except TypeError as t:
        print(t)
try:
    raise Coded
except TypeError as t:
    print(t)
try:
    try:
        raise ValueError
    except "not a class":
        pass
except TypeError as t:
    print(t)
try:
    raise AppError from Coded(1)
except AppError as a:
    print(repr(a.__cause__), a.args)
