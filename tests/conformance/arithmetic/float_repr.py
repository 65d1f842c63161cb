# The shortest text that reads back as the same float.
values = [0.0, -0.0, 1.0, -1.5, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 100.0, 1e15, 1e16, 1e17, 123456789012345680.0, 1e22, 1e23, 1e-4, 1e-5,
          0.0001234, 1.5e300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 3.141592653589793, 1e100, 9007199254740993.0, 12345.678]
for x in values:
    print(repr(x), str(x), float(repr(x)) == x)
inf = float("inf")
nan = float("nan")
print(inf, -inf, nan, inf - inf, inf * 0, -nan, inf == inf, nan == nan, nan != nan, nan < 1, nan > 1)
print([nan] == [nan], nan in [nan], [inf], {1.0: "x"}, (0.5,))
print(0.1 + 0.1 + 0.1, 1.1 * 3, 1e308 * 10, -1e308 * 10, 1e16 + 1, 1e15 + 0.3)
