# Decimal digits of pi by the streaming spigot of Gibbons: integers that grow without bound.
def digits(count):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    out = 0
    made = 0
    while made < count:
        if 4 * q + r - t < m * t:
            out = (out * 10 + m) % 1000003
            made += 1
            q, r, m = q * 10, (r - m * t) * 10, (q * 3 + r) * 10 // t - m * 10
        else:
            q, r, t, k, m, x = q * k, (q * 2 + r) * x, t * x, k + 1, (q * (k * 7 + 2) + r * x) // (t * x), x + 2
    return out


def run(n):
    total = 0
    for _ in range(n):
        total += digits(40)
    return total
