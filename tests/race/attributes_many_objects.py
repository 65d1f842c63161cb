# Objects of one class made by all threads, with attributes in different orders: shapes diverge under contention.
from support import hammer, rounds

n = rounds(8000)


class P:
    pass


kept = []


def job(me):
    def run():
        for i in range(n):
            p = P()
            for k in range(6):
                setattr(p, f"a{(k * (me + 1) + i) % 7}", k)
            p.total = sum(v for k, v in p.__dict__.items())
            assert p.total == sum(getattr(p, k) for k in list(p.__dict__) if k != "total")
            if i % 50 == 0:
                kept.append(p)
            if kept:
                q = kept[i % len(kept)]
                assert q.total >= 0
                q.extra = i
    return run


hammer(*[job(i) for i in range(4)])
assert all(hasattr(p, "total") for p in kept)
print("ok")
