# bytes: literals, indexing, slicing, methods.
b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], b[::-1], list(b"abc"), b"a" + b"b", b"ab" * 2, 104 in b, b"ell" in b, b"it's", b'"', b"\n\t\\\x7f\x80")
print(bytes(3), bytes([1, 2, 255]), bytes(b"x"), bytes("é", "utf-8"), bytes(range(5)), bytes(), bytes.fromhex("00ff 10"), b"\x01\xab".hex(), b"\x01\xab".hex(":"))
print(b"a,b,c".split(b","), b" x ".strip(), b"abc".upper(), b"ABC".lower(), b"abc".find(b"c"), b"abc".replace(b"b", b"-"), b"-".join([b"a", b"b"]), b"abc".startswith(b"ab"), b"abc".endswith(b"bc"), b"a b".title(), b"aXbX".count(b"X"), b"12".isdigit(), b"a".center(5, b"*"), b"5".zfill(3), b"a=b".partition(b"="), b"a\nb".splitlines(), b"abc".index(b"b"), b"x".isalpha(), b"xay".removeprefix(b"x"))
print(b"abc" < b"abd", b"a" == b"a", hash(b"a") == hash(b"a"), {b"k": 1}[b"k"], b"%d %s %r" % (5, b"x", "q"), b"abc".decode(), b"\xc3\xa9".decode("utf-8"), bool(b""), sorted(b"cab"), max(b"abc"))
for f in (lambda: b"a" + "b", lambda: b"a"[5], lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes(-1), lambda: bytes("x"), lambda: "a" in b"a", lambda: b"".join(["a"]), lambda: b"a".split(","), lambda: bytes.fromhex("0g"), lambda: bytes(1.5), lambda: 256 in b"a"):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
try:
    b[0] = 1
except TypeError as e:
    print(e)
