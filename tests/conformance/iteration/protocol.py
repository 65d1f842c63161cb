# __iter__, __next__, the old __getitem__ protocol, iter() with a sentinel.
class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Old:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError(i)
        return i * i


print(list(Count(3)), [*Old()], 4 in Old(), sum(Count(4)), max(Old()), tuple(iter(Old())), dict(zip(Count(2), "ab")))
it = iter([1, 2])
print(iter(it) is it, next(it), next(it), next(it, "default"))
try:
    next(it)
except StopIteration as e:
    print("stop", e.args, e.value)
values = iter([5, 6, 0, 7])
print(list(iter(lambda: next(values), 0)), next(values))
for f in (lambda: iter(5), lambda: next([1]), lambda: next(5), lambda: iter(5, 0), lambda: list(5), lambda: [*5], lambda: iter()):
    try:
        print(f())
    except TypeError as e:
        print(e)


class BadIter:
    def __iter__(self):
        return 5


class NoneIter:
    __iter__ = None


for bad in (BadIter(), NoneIter(), object()):
    try:
        for x in bad:
            pass
    except TypeError as e:
        print(e)


class Raises:
    def __iter__(self):
        yield 1
        raise ValueError("inside")


try:
    for x in Raises():
        print(x)
except ValueError as e:
    print("caught", e)
