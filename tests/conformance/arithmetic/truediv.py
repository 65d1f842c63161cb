# True division gives the nearest float, for big operands too.
print(1 / 2, 7 / 2, -7 / 2, 1 / 3, 6 / 3, 0 / 5, -0 / 5)
print(2 ** 62 / 3, (2 ** 64 + 1) / 2 ** 64, 10 ** 40 / 10 ** 39, 10 ** 400 / 10 ** 399, 1 / 10 ** 300)
print((2 ** 53 + 1) / 1, (2 ** 54 + 2) / 2, (10 ** 22) / 1, 123456789012345678 / 1000)
try:
    print(10 ** 400 / 3)
except OverflowError as e:
    print(e)
print(3 / 10 ** 400)
