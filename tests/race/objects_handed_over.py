# Object graphs passed from thread to thread through queues and containers, changed by each.
import queue

from support import hammer, rounds

n = rounds(3000)
first, second, third = queue.Queue(), queue.Queue(), []


class Job:
    def __init__(self, i):
        self.i = i
        self.trail = ["made"]
        self.data = {"n": i, "list": [i] * 3}


def stage1():
    for i in range(n):
        first.put(Job(i))


def stage2():
    for _ in range(n):
        j = first.get()
        j.trail.append("second")
        j.data["list"].append(j.i)
        j.data["new"] = (j.trail, [j])
        second.put(j)


def stage3():
    for _ in range(n):
        j = second.get()
        j.trail.append("third")
        j.extra = {k: v for k, v in j.data.items() if k != "new"}
        third.append(j)


hammer(stage1, stage2, stage3)
assert [j.i for j in third] == list(range(n))
assert all(j.trail == ["made", "second", "third"] and j.data["list"] == [j.i] * 4 and j.data["new"][1][0] is j for j in third)
print("ok")
