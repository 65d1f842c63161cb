# split, rsplit, splitlines, partition, rpartition.
s = " a  b c "
print(s.split(), s.split(" "), s.split(None, 1), s.split(maxsplit=1), s.rsplit(None, 1), s.rsplit(" ", 2), "".split(), "".split(","), "a,b,,c".split(","), "a,b,c".split(",", 1))
print("a--b--c".split("--"), "a--b--c".rsplit("--", 1), "aaa".split("a"), "x".split("y"), "a\u3000b\tc".split(), "1,2,3".split(sep=",", maxsplit=-1))
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n".splitlines(), "a\n\nb".splitlines(keepends=True))
print("k=v=w".partition("="), "k=v=w".rpartition("="), "kv".partition("="), "kv".rpartition("="), "".partition("x"))
for f in (lambda: "a".split(""), lambda: "a".partition(""), lambda: "a".split(1), lambda: "a".split(",", "x"), lambda: "a".split(foo=1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
