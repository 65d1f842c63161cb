# Set comprehensions, iteration, changing while iterating.
print(sorted({x % 3 for x in range(10)}), {c for c in "aaa"}, len({(a, b) for a in range(3) for b in range(3) if a != b}), sorted({len(w) for w in "the quick brown fox".split()}))
s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as e:
    print(e)
try:
    for x in {1, 2}:
        pass
    for x in (t := {1, 2}):
        t.discard(x)
except RuntimeError as e:
    print(e)
primes = set(range(2, 50))
for n in range(2, 8):
    primes -= set(range(n * n, 50, n))
print(sorted(primes), sum(primes), max(primes), min(primes))
big = set()
for i in range(10000):
    big.add(i * 3)
for i in range(0, 10000, 2):
    big.discard(i * 3)
print(len(big), 3 in big, 6 in big, sum(big))
seen = set()
print([x for x in [3, 1, 3, 2, 1] if not (x in seen or seen.add(x))])
vowels = set("aeiou")
print(sorted(set("education") & vowels), sorted(set("rhythm") - vowels), set("ab") == set("ba"), sorted(set([1, "a", None]), key=str))


class S(set):
    def add(self, x):
        super().add(x * 2)


t = S([1])
t.add(5)
print(sorted(t), type(t | {1}).__name__, t)
