# find, rfind, index, rindex, count, startswith, endswith.
s = "hello world hello"
print(s.find("hello"), s.find("hello", 1), s.rfind("hello"), s.find("xyz"), s.find(""), s.find("", 5), s.find("", 50), s.rfind(""), s.find("o", -6), s.find("l", 3, 5), s.rfind("o", 0, 6))
print(s.index("world"), s.rindex("o"), s.count("l"), s.count(""), s.count("ll"), "aaaa".count("aa"), s.count("o", 5), s.count("x"), "".count(""), "abc".count("", 1))
print(s.startswith("hell"), s.startswith("world", 6), s.endswith("lo"), s.endswith(("x", "llo")), s.startswith(()), s.startswith(""), s.endswith("hello", 0, 5), s.startswith("h", None, None))
long = "ab" * 500 + "needle" + "\u00e9" * 300
print(long.find("needle"), long.find("\u00e9"), long.rfind("ab"), long.count("ab"), "needle" in long, long.find("\U0001F600"))
for f in (lambda: s.index("xyz"), lambda: s.rindex("xyz"), lambda: s.find(1), lambda: s.startswith(1), lambda: s.startswith(("a", 1)), lambda: s.count()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
