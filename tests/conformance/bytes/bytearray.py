# bytearray: a mutable bytes.
a = bytearray(b"abc")
a[0] = 120
a.append(100)
a.extend(b"ef")
a += b"g"
print(a, len(a), a[1], a[1:3], bytes(a), a == b"xbcdefg", a.pop(), a.pop(0), a, a.find(b"d"))
a[1:3] = b"LONGER"
print(a, a.decode(), a.upper(), list(a[:3]))
del a[0]
del a[-2:]
a.insert(1, 33)
a.reverse()
print(a, a.count(b"O"), a.remove(33), a, a.copy(), a.index(b"N"))
a.clear()
print(a, bytearray(3), bytearray([1, 2]), bytearray("x", "ascii"), bool(a), a * 2, bytearray(b"a") + b"b", b"a" + bytearray(b"b"))
for f in (lambda: bytearray(b"a").append(256), lambda: bytearray().pop(), lambda: hash(bytearray()), lambda: bytearray(b"a")[3], lambda: bytearray(b"a").remove(5), lambda: bytearray("x")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
