# Unary operators and the order of operations.
print(-5, +5, ~5, --5, ~~5, -(-2 ** 62), -True, +True, not 0, not not 3)
print(1 + 2 * 3, (1 + 2) * 3, 2 * 3 % 4, 2 + 3 << 1, 1 | 2 ^ 3 & 4, 7 - 2 - 1, 2 ** 2 * 3, -2 ** 2, 10 - -5)
print(1 < 2 == True, not 1 == 2, 1 + 1 == 2 and 3, 0 or 5 and 6, 1 if 0 else 2 if 0 else 3, 5 // 2 * 2 + 5 % 2)
print(0x1F, 0o17, 0b11, 1_000_000, 1e3, 1_0.5_0, 0xFFFF_FFFF_FFFF_FFFF, 00)
print(abs(-3), abs(-3.5), abs(-2 ** 63), abs(True), min(3, 1, 2), max(3.5, 3), sum([1, 2, 3]), sum([0.1] * 10), sum([], 5), sum([1, 2.5, True]))
