# Powers: integer, negative exponent, three arguments, float.
print(2 ** 0, 2 ** 10, 2 ** 61, 2 ** 62, 2 ** 63, 2 ** 64, 3 ** 100, (-3) ** 3, (-2) ** 63, -2 ** 2, 0 ** 0)
print(2 ** -1, (-2) ** -3, 10 ** -5, 1 ** -1, (2 ** 64) ** 2)
print(2.0 ** 0.5, 2 ** 0.5, 4 ** 0.5, (-8.0) ** 3, 1e200 ** 0.1, 0.0 ** 0, 2 ** -0.5, 10.0 ** 20)
print(pow(3, 5), pow(3, 5, 7), pow(3, -1, 7), pow(10 ** 30, 10 ** 10, 97), pow(-3, 5, 7), pow(3, 5, -7), pow(2, 0, 1))
print(2 ** 3 ** 2, (2 ** 3) ** 2, -2 ** 3, 2 ** -2 ** 1)


def error(f):
    try:
        print("no error:", f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")


error(lambda: pow(2, -1, 4))
error(lambda: pow(2, 3, 0))
error(lambda: 1e200 ** 2)
error(lambda: 2.0 ** 5000)
error(lambda: "a" ** 2)
error(lambda: pow("a", 2, 3))
