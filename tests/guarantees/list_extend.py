# L1.extend(L2), L1 += L2, L[i:j] = L2: the items of one call stay together.
from support import together

n, shared = 1500, []


def extend(k):
    def job():
        for i in range(n):
            if i % 3 == 0:
                shared.extend([(k, i)] * 8)
            elif i % 3 == 1:
                shared.__iadd__(((k, i),) * 8)
            else:
                shared[len(shared):] = [(k, i)] * 8
    return job


together(extend(0), extend(1))
# Slice assignment places the block where the list ended when its index was computed: it may split a block, so only count then.
assert len(shared) == 2 * n * 8
shared.clear()


def only_extend(k):
    return lambda: [shared.extend([(k, i)] * 8) for i in range(n)]


together(*[only_extend(k) for k in range(4)])
blocks = [shared[i:i + 8] for i in range(0, len(shared), 8)]
assert all(len(set(b)) == 1 for b in blocks) and len({b[0] for b in blocks}) == 4 * n
print("ok")
