# There is one empty tuple.
class T(tuple):
    pass


def f(*args):
    return args


items = []
e = ()
print(tuple() is e, tuple([]) is e, (1,)[1:] is e, f() is e, f(*items) is e, tuple(items) is tuple({}), (*items,) is e, e + e is e, e * 5 is e, tuple(x for x in ()) is e, divmod is e)
print(T() is e, T() == (), f.__code__.co_consts is not None, type(T()[:]) is tuple, hash(()) == hash(T()))
