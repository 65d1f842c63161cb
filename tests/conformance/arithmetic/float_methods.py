# Methods and conversions of float.
print((2.0).is_integer(), (2.5).is_integer(), (0.75).as_integer_ratio(), (-2.5).as_integer_ratio(), (1e20).as_integer_ratio())
print((1.0).hex(), (0.1).hex(), (-2.5).hex(), (0.0).hex(), float.fromhex("0x1.8p3"), float.fromhex("-0x.1p4"))
print((3.7).__trunc__(), (3.7).__floor__(), (3.2).__ceil__(), (2.5).real, (2.5).imag, (2.5).conjugate())
print(int(2.9), int(-2.9), int(1e18), int(2.0 ** 62), int(2.0 ** 63), int(-2.0 ** 63), int(1e30))
print(1.0 == 1, 2.0 ** 53 == 2 ** 53, 2.0 ** 53 == 2 ** 53 + 1, 0.1 == 1 / 10, 1e20 == 10 ** 20, 1e23 == 10 ** 23)
print(2 ** 53 + 1 > 2.0 ** 53, 10 ** 400 > 1e308, -10 ** 400 < -1e308, float("inf") > 10 ** 400, 2 ** 62 < 2.0 ** 62 + 1024)
print(hash(1.0) == hash(1), hash(2.0 ** 62) == hash(2 ** 62), hash(0.5) == hash(1 / 2), hash(float("inf")), hash(-0.0))
print({1: "a", 1.0: "b", True: "c"})
