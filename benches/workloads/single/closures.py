# Functions made, passed and called: cells read and written, default and keyword arguments, lambdas, map and filter.
def counter(start):
    value = start

    def advance(by=1):
        nonlocal value
        value += by
        return value

    return advance


def compose(f, g):
    return lambda x: f(g(x))


def weighted(a, b=2, *rest, scale=1):
    return (a + b + len(rest)) * scale


def run(n):
    total = 0
    for turn in range(n):
        advance = counter(turn)
        double = compose(lambda x: x * 2, lambda x: x + turn)
        for i in range(20):
            total += advance()
            total += advance(by=i)
            total += double(i)
            total += weighted(i) + weighted(i, 3, 4, 5, scale=2)
        total += sum(map(double, range(10))) + len(list(filter(lambda x: x % 3, range(20))))
    return total
