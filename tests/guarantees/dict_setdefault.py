# D.setdefault(k, v): all threads get the same object.
from support import together

n, shared = 4000, {}
parts = together(*[lambda: [shared.setdefault(i, object()) for i in range(n)]] * 4)
for i in range(n):
    assert all(part[i] is shared[i] for part in parts)
print("ok")
