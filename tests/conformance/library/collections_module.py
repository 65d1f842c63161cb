# collections: deque, Counter, ChainMap.
from collections import ChainMap, Counter, deque
d = deque([1, 2, 3], maxlen=4)
d.append(4)
d.append(5)
d.appendleft(0)
print(d, d.pop(), d.popleft(), len(d), d[0], d[-1], list(d), 3 in d, d.maxlen)
d.extend([7, 8])
d.extendleft([9])
d.rotate(1)
print(d, d.count(7), d.index(7), list(reversed(d)), d.copy() == d)
d.remove(7)
d.insert(1, "x")
d[0] = "first"
d.reverse()
print(d, bool(deque()), deque("ab") + deque("c"), deque([1]) * 2, deque([1]) < deque([2]), d.clear(), d)
for f in (lambda: deque().pop(), lambda: deque([1])[5], lambda: deque([1]).remove(2), lambda: hash(deque())):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
q = deque([1, 2])
try:
    for x in q:
        q.append(x)
except RuntimeError as e:
    print(e)
print(Counter("hello"), ChainMap({"a": 1}, {"a": 2, "b": 3})["b"], sorted(Counter(a=2, b=1).elements()))
