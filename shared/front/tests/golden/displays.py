def displays(a, b, xs):
    t = (a, b)
    u = [a, b, 1]
    v = {a: 1, "b": b}
    w = {a, b}
    k = [1, 2, 3]
    s = (*a, b)
    m = {**a, b: 1}
    x, y = y0, x0 = a, b
    a, b = b, a
    first, *rest = xs
    (p, q), r = xs
    xs[1:2] = xs[a:b]
    xs[::2] = xs[-1]
    return f"{a}{b!r:>{w}} text {t=}" "more"


def comprehensions(xs, n):
    a = [x * n for x in xs if x]
    b = {k: v for k, v in xs}
    c = {y for x in xs for y in x}
    d = [lambda: x for x in xs]
    e = [[y + x for y in x] for x in xs]
    f = [last := x for x in xs]
    return sum(x for x in xs if x > n), last
