# Modules imported by many threads at once run once.
import sys

from support import hammer, rounds

for r in range(rounds(40)):
    sys.modules.pop("support.counted", None)
    import support
    support.runs = []

    def job():
        import support.counted as m
        assert m.finished
        return m

    assert len({id(m) for m in hammer(*[job] * 6)}) == 1
    assert support.runs == [1], support.runs
print("ok")
