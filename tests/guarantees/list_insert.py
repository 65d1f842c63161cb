# L.insert(i, x): nothing lost.
from support import together

n, shared = 3000, []
together(*[lambda k=k: [shared.insert(i % 10, (k, i)) for i in range(n)] for k in range(4)])
assert sorted(shared) == [(k, i) for k in range(4) for i in range(n)]
print("ok")
