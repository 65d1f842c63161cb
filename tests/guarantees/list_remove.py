# L.remove(x), L.clear(), del L[i]: each removal removes one item.
from support import together

n = 6000
shared = ["x"] * (4 * n)


def job():
    for i in range(n):
        if i % 2:
            shared.remove("x")
        else:
            del shared[0]


together(job, job, job)
assert len(shared) == n
together(*[lambda: [(shared.append(1), shared.clear()) for _ in range(n)]] * 3)
assert shared == []
print("ok")
