# Floor division and modulo follow the divisor's sign.
for a in (7, -7, 0, 2 ** 62, -2 ** 62, 2 ** 64 + 1, -2 ** 64 - 1, 10 ** 25):
    for b in (1, -1, 2, -2, 3, -3, 2 ** 31, -2 ** 61, 2 ** 65, -2 ** 65, 10 ** 20):
        q, r = a // b, a % b
        print(a, b, q, r, divmod(a, b) == (q, r), q * b + r == a)
print(-2 ** 62 // -1, -2 ** 63 // -1, -2 ** 61 // -1)
for a, b in ((7.5, 2), (-7.5, 2), (7.5, -2), (-7.5, -2), (0.0, 3), (-0.0, 3), (1e300, 7), (5.0, 0.1)):
    print(a, b, a // b, a % b, divmod(a, b))
