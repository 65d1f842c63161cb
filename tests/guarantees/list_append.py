# L.append(x): no item is lost.
from support import together

n, shared = 20000, []
together(*[lambda k=k: [shared.append((k, i)) for i in range(n)] for k in range(4)])
assert len(shared) == 4 * n
for k in range(4):
    assert [i for t, i in shared if t == k] == list(range(n)), "each thread's items keep their order"
print("ok")
