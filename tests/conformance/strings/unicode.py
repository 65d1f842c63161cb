# Text beyond ASCII: widths, building, comparing, hashing, encodings.
s = "a\u00e9\u4e2d\U0001F600"
print(s, len(s), [hex(ord(c)) for c in s], s.upper(), s[1:3], s + "!", s * 2, s == "aé中😀", hash(s) == hash("aé中" + "😀"))
print([c.encode() for c in s], s.encode("utf-8"), s.encode("utf-16-le"), "é".encode("latin-1"), s.encode("ascii", "replace"), s.encode("ascii", "ignore"), s.encode("ascii", "backslashreplace"), s.encode("ascii", "xmlcharrefreplace"))
print(b"\xc3\xa9".decode(), b"\xe9".decode("latin-1"), b"a\xffb".decode("utf-8", "replace"), b"a\xffb".decode("utf-8", errors="ignore"), b"\xff".decode("utf-8", "backslashreplace"), b"\xff\x00".decode("utf-16-le"))
print("ab" + "é" + "中", ("a" * 3 + "é")[:3] == "aaa", "éa"[1:] == "a", chr(0x4E2D), ord("中"), chr(0x10FFFF) == "\U0010FFFF")
words = ["zebra", "Apple", "éclair", "apple", "中", "Zoo"]
print(sorted(words), sorted(words, key=str.lower), max(words), min(words))
for f in (lambda: "é".encode("ascii"), lambda: b"\xff".decode(), lambda: b"ab\xe9".decode("utf-8"), lambda: "\ud800".encode(), lambda: "x".encode("nope"), lambda: chr(0x110000), lambda: chr(-1), lambda: ord("ab"), lambda: ord(""), lambda: str(b"x", "nope")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
print(str(b"caf\xc3\xa9", "utf-8"), str(b"x"), str(b"\xff", "latin-1"))
