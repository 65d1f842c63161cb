# L1.extend(L2), L1 += L2: the items of one call stay together.
from support import together

n, shared = 1500, []


def extend(k):
    def job():
        mine = shared
        for i in range(n):
            if i % 2:
                mine.extend([(k, i)] * 8)
            else:
                mine += ((k, i),) * 8
    return job


together(*[extend(k) for k in range(4)])
blocks = [shared[i:i + 8] for i in range(0, len(shared), 8)]
assert all(len(set(b)) == 1 for b in blocks) and len({b[0] for b in blocks}) == len(blocks) == 4 * n
print("ok")
