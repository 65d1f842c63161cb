# Building long strings in the usual ways.
s = ""
for i in range(1000):
    s += str(i)
print(len(s), s[:20], s[-10:], hash(s) == hash("".join(map(str, range(1000)))))
parts = []
for i in range(100):
    parts.append(f"{i:02x}")
print("".join(parts))
t = s
s += "!"
print(len(t), len(s), t is s)
a = b = "x"
a += "y"
print(a, b)
w = ""
for c in "a\u00e9\u4e2d\U0001F600" * 50:
    w = w + c
print(len(w), w[:4], w == "a\u00e9\u4e2d\U0001F600" * 50)
lines = [line.strip() for line in "  one \n two\n\nthree  ".split("\n") if line.strip()]
print(lines, "\n".join(f"{n:>3}: {line}" for n, line in enumerate(lines, 1)), sep="\n")
counts = {}
for word in "the cat and the dog and the bird".split():
    counts[word] = counts.get(word, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
