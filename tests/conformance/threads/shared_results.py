# Threads that fill dicts and lists, shared iterators, closures and generators of their own.
import threading


def run(n, f):
    ts = [threading.Thread(target=f, args=(i,)) for i in range(n)]
    [t.start() for t in ts]
    [t.join() for t in ts]


d, lst, s = {}, [], set()


def work(i):
    for j in range(300):
        d[i, j] = i * j
        lst.append((i, j))
        s.add(i * 1000 + j)


run(4, work)
print(len(d), len(lst), len(s), sum(d.values()), sorted(lst) == [(i, j) for i in range(4) for j in range(300)])


def make():
    n = 0

    def bump():
        nonlocal n
        with lock:
            n += 1
        return n
    return bump


lock = threading.Lock()
bump = make()
run(4, lambda i: [bump() for _ in range(250)])
print(bump() - 1)
totals = {}


def own_generator(i):
    def gen():
        for k in range(1000):
            yield k * i
    totals[i] = sum(gen())


run(4, own_generator)
print(sorted(totals.items()))


def word_count(i):
    counts = {}
    for w in text.split():
        counts[w] = counts.get(w, 0) + 1
    results[i] = counts


text = "a b a c b a " * 50
results = {}
run(3, word_count)
print(all(r == {"a": 150, "b": 100, "c": 50} for r in results.values()))


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


answers = [None] * 3
run(3, lambda i: answers.__setitem__(i, fib(15 + i)))
print(answers)
