# Strings built from shared pieces; interning; formatting.
from support import hammer, rounds

n = rounds(6000)
pieces = ["alpha", "beta", "gamma", "délta", "中文"]
log = []


def build(me):
    def job():
        s = ""
        for i in range(n):
            s += pieces[i % 5]
            t = f"{me}:{i}:{pieces[i % 5]!r}"
            assert t.startswith(str(me)) and t.split(":")[1] == str(i)
            if len(s) > 1000:
                assert "".join(sorted(set(s))) and s.count("alpha") > 0 and s.upper().lower() != ""
                s = ""
            name = "attr" + str(i % 100)
            setattr(holder, name, t)
            assert getattr(holder, name).count(":") >= 2
            hash(t), t.encode().decode() == t, "%s-%d" % (t, i)
            if i % 100 == 0:
                log.append("x" * i)
    return job


class Holder:
    pass


holder = Holder()
hammer(*[build(i) for i in range(4)])
assert len(log) == 4 * len(range(0, n, 100))
print("ok")
