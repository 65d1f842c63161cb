# And, or, xor, not: two's complement of any width.
values = [0, 1, -1, 6, -6, 0xFF, 2 ** 61, -2 ** 61, 2 ** 62, -2 ** 62 - 1, 2 ** 64 - 1, -2 ** 64, 2 ** 100 + 5, -2 ** 100 - 5]
for a in values:
    print(~a, *[a & b for b in values])
    print(*[a | b for b in values])
    print(*[a ^ b for b in values])
print(True & False, True | False, True ^ True, True & 1, type(True & 1).__name__, type(True & True).__name__)
for n in (0, 1, -1, 255, 256, 2 ** 62, -2 ** 64):
    print(n, n.bit_length(), n.bit_count())
n = 0b1010
n |= 0b0101
n &= 0b1110
n ^= 0b1000
n <<= 3
n >>= 1
print(n)
