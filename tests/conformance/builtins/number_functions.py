# chr, ord, bin, oct, hex, abs, divmod, pow, round, sum, int, float, bool, id, hash.
print(chr(65), ord("a"), chr(0x1F600), bin(5), oct(8), hex(255), abs(-2.5), divmod(17, 5), divmod(-17, 5), divmod(7.5, 2), pow(2, 3), pow(2, 3, 5), round(2.567, 1), sum([1, 2]))
x = object()
print(id(x) == id(x), id(x) != id(object()), type(id(x)).__name__, hash(1), hash(-1), hash(0), hash(2 ** 61 - 1), hash(2 ** 61), hash(-2 ** 61), hash(2 ** 100), hash(1.5), hash(0.1), hash(-0.5), hash(1e100), hash(True), hash("a") == hash("a"), hash((1, 2)) == hash((1, 2)), hash(()) == hash(tuple()))
print(hash(3.0), hash(10 ** 30), hash(-10 ** 30), hash(float("inf")), hash(float("-inf")), hash(2.0 ** 70) == hash(2 ** 70), hash(None) == hash(None), hash((1, "a")) == hash((1, "a")), hash(frozenset([1, 2])) == hash(frozenset([2, 1])), hash((1, 2)) != hash((2, 1)))
for f in (lambda: hash([]), lambda: hash({}), lambda: hash(set()), lambda: hash(([],)), lambda: chr("a"), lambda: ord(5), lambda: hex("a"), lambda: divmod(1), lambda: abs(), lambda: hash(slice(1)) is None):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
