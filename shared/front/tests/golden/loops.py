def loops(n, xs):
    total = 0
    while total < n:
        total += 1
        if total == 3:
            continue
        if total > 100:
            break
    else:
        total = -1
    for i in range(n):
        for k, v in xs:
            if k is None or v not in (1, 2):
                break
            total += i * k
        else:
            continue
        return total
    while True:
        if total:
            return i
        total = xs[0]
    return "unreachable"


def conditions(a, b, c):
    if a and not b or c == "x":
        return 1
    if 0 <= a < b() < c:
        return 2
    x = a if b is not None else c
    y = a < b < c
    z = a or b and c
    assert x, y
    return not (a and b) if z else x != y
