# Literals, escapes, concatenation, repetition, indexing.
print('a' "b" 'c', "it's", 'say "hi"', "tab\there", "new\\n", r"raw\n", """three
lines""", 'x\
y', "\x41\u0042\U00000043\103\0end"[:4], "\N{GREEK SMALL LETTER ALPHA}")
print(len("abc"), "abc"[0], "abc"[-1], "abc" + "def", "ab" * 3, 3 * "x", "ab" * 0, "ab" * -1, "abc" == 'abc')
s = "hello"
print(*s, [c for c in s], list(s), s[1:3], s[::-1], s[::2], s[-3:], s[:-1], s[10:], s[2:1], s[-100:100])
print(max(s), min(s), sorted(s), "".join(sorted(s)), "l" in s, "xyz" in s, s.count("l"))
print(str(), str(5), str(None), str([1, "a"]), str("x"), repr("x"), ascii("h\u00e9"))
for f in (lambda: s[5], lambda: s[-6], lambda: s["a"], lambda: s[1.0], lambda: s + 1, lambda: s[::0], lambda: len(5), lambda: "a" * 1.0):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
try:
    s[0] = "j"
except TypeError as e:
    print(e)
try:
    del s[0]
except TypeError as e:
    print(e)
