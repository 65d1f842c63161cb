# bool is an int; None, Ellipsis and NotImplemented are singletons.
none, true = None, True
print(True + 1, False * 3, int(True), float(False), str(True), repr(None), isinstance(True, int), type(None).__name__, bool(), bool("False"))
print([True, False, None, ..., NotImplemented], (None,), {None: True})
print(True == 1, False == 0, hash(True), hash(False), hash(None) == hash(None), {True: "a", 1: "b"}, "ab"[True], [10, 20][False])
print(type(...).__name__, type(NotImplemented).__name__, type(None)() is None, type(...)() is ..., True & 0, True ^ True, False | True)
print("%d %s %r" % (True, True, False), f"{True} {True:d} {True:>6} {None}", format(True), format(None))
for f in (lambda: none(), lambda: none[0], lambda: None.x, lambda: None + 1, lambda: len(None), lambda: iter(None), lambda: true(), lambda: bool(1, 2), lambda: format(None, "5")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
try:
    class Sub(bool):
        pass
except TypeError as e:
    print(e)
