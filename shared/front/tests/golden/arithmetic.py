def small(n, x):
    a = n - 1
    b = x * 2.5
    c = 1 + x
    d = n + x
    return a * b - c / d ** 2 % 7


def walrus(a):
    return a + (a := 2) * a


def folded():
    return 2 * 3 + 4, -1, (1, 2.0, "x" "y"), not 0, "ab" * 2, 1 << 40, 10**30


def in_place(a, o, i):
    a += 1
    a -= o
    a *= "x"
    o.n += a
    o.p.n += a
    o[i] += 1
    o[i()][0] -= 2
    return ~a, +a, -o
