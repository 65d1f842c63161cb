# D[k] = v for new keys: no entry is lost, each thread's keys keep their order.
from support import together

n, shared = 15000, {}
together(*[lambda t=t: [shared.__setitem__((t, i), i) for i in range(n)] for t in range(4)])
assert len(shared) == 4 * n and all(shared[t, i] == i for t in range(4) for i in range(n))
for t in range(4):
    assert [i for u, i in shared if u == t] == list(range(n))
print("ok")
