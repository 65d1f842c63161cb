# round(): half to even, digits, big numbers.
print(*[round(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4999, 2.6, 1e20)])
print(*[round(x, 1) for x in (0.25, 0.35, 2.675, -0.05, 1e20)], round(2.675, 2), round(1234.5678, -2), round(1e300, 2))
print(*[round(n, -1) for n in (5, 15, 25, 14, 16, -5, -15, 10 ** 20 + 5)], round(12345, -3), round(7, 3), round(55, -5))
print(round(3), type(round(2.5)).__name__, type(round(2.5, 0)).__name__, round(2.5, None), round(True), round(5e-324, 3))
for f in (lambda: round("a"), lambda: round(float("nan")), lambda: round(float("inf")), lambda: round(1.5, "a"), lambda: round()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


class Rounds:
    def __round__(self, digits=None):
        return ("rounded", digits)


print(round(Rounds()), round(Rounds(), 4))
