# Methods of int and the functions bin, oct, hex.
print(bin(0), bin(10), bin(-10), oct(8), oct(-64), hex(255), hex(-2 ** 64), hex(2 ** 62), bin(2 ** 65))
print((5).real, (5).imag, (5).numerator, (5).denominator, (5).conjugate(), (7).as_integer_ratio(), (7).is_integer())
print((258).to_bytes(2, "big"), (258).to_bytes(4, "little"), (-2).to_bytes(2, "big", signed=True), (0).to_bytes(1))
print(int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\x01\x02", "little"), int.from_bytes(b"\xff\xfe", "big", signed=True), int.from_bytes(b""))
print((10).__add__(5), (10).__radd__(5), (10).__add__("x"), (3).__lt__(4), (3).__eq__(3.0), (3).__bool__(), (-3).__abs__())
print(int.__name__, (5).__class__, type(5) is int, isinstance(True, int), issubclass(bool, int), 5 .__index__())
for f in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: hex(1.5), lambda: bin("1"), lambda: (5).missing):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
