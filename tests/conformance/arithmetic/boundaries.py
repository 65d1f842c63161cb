# Integers around the widths where an implementation changes its representation.
for bits in (30, 31, 32, 53, 60, 61, 62, 63, 64, 65, 127, 128):
    edge = 1 << bits
    for n in (edge - 1, edge, edge + 1):
        print(bits, n, -n, n + 1, n - 1, -n - 1, -n + 1, n * 2, n + n, n - edge, n ^ edge)
    print(edge * edge, (edge - 1) * (edge + 1), -edge * edge, edge // 3, -edge // 3, edge % 7, -edge % 7)
    print(edge == 2 ** bits, edge > edge - 1, -edge < -edge + 1, hash(edge) == hash(2 ** bits), ~edge, abs(-edge))
