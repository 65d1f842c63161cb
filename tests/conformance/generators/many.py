# Many live generators, generators in containers, coroutine-style round robin.
def worker(name, n):
    for i in range(n):
        yield f"{name}{i}"


tasks = [worker(n, k) for n, k in (("a", 3), ("b", 1), ("c", 2))]
out = []
while tasks:
    task = tasks.pop(0)
    try:
        out.append(next(task))
        tasks.append(task)
    except StopIteration:
        out.append("-")
print(out)
gens = [worker(str(i), 2) for i in range(1000)]
print(sum(len(next(g)) for g in gens), sum(len(next(g)) for g in gens), [next(g, None) for g in gens[:2]])


def primes():
    def integers(n):
        while True:
            yield n
            n += 1

    def sieve(it):
        p = next(it)
        yield p
        yield from sieve(x for x in it if x % p)
    return sieve(integers(2))


print([p for p, _ in zip(primes(), range(15))])


def permutations(xs):
    if not xs:
        yield []
    for i in range(len(xs)):
        for rest in permutations(xs[:i] + xs[i + 1:]):
            yield [xs[i]] + rest


print(list(permutations([1, 2, 3])), sum(1 for _ in permutations(list(range(6)))))


def queens(n, row=0, cols=()):
    if row == n:
        yield cols
    for c in range(n):
        if all(c != k and abs(c - k) != row - r for r, k in enumerate(cols)):
            yield from queens(n, row + 1, cols + (c,))


print(next(queens(8)), sum(1 for _ in queens(6)))


def locals_kept():
    a, b, c = [1], {"k": 2}, "s"
    for i in range(3):
        a.append((yield i, len(a), b, c))
        b["k"] += 1
        c += "!"
    yield a


g = locals_kept()
print([next(g)] + [g.send(x) for x in "xyz"])


class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.v
        if self.right:
            yield from self.right


print(list(Tree(5, Tree(2, Tree(1), Tree(3)), Tree(9))), max(Tree(1, None, Tree(7))))
