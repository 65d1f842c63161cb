def calls(f, x, y):
    f()
    f(x, 1, "s")
    f(x, key=y)
    f(g(x), h(y)(x))
    x.m(y)
    x.m(y, k=1).n()
    x.p.q(*y)
    f(*x)
    f(1, *x, **y)
    f(**x, a=1)
    return f(x - 1)


class Base:
    def m(self, *args, **kwargs):
        return super().m(*args, **kwargs) or super().a or super(Base, self).m(1)
