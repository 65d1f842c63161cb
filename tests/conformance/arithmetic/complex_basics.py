# complex literals and arithmetic.
z = 3 + 4j
print(z, z.real, z.imag, abs(z), z.conjugate(), z * 2, z * z, z / 2, -z, z == 3 + 4j, z != 3, 1j ** 2)
print(complex(1, 2), complex("1+2j"), complex(5), 0j, repr(-1j), complex(0, -1.5))
print(type(z).__name__, bool(0j), hash(3 + 0j) == hash(3), 3 + 0j == 3)
try:
    z < 1
except TypeError as e:
    print(e)
