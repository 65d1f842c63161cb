# A subclass of list with overridden methods.
class Loud(list):
    def append(self, x):
        print("append", x)
        super().append(x)

    def __getitem__(self, i):
        return ("item", super().__getitem__(i))

    def __contains__(self, x):
        return x == "magic" or super().__contains__(x)


a = Loud([1, 2])
a.append(3)
a.extend([4])
print(a, len(a), a[0], "magic" in a, 9 in a, list(a), a + [5], type(a + [5]).__name__, a == [1, 2, 3, 4], isinstance(a, list), [*a], sorted(a, reverse=True))
a.tag = "attribute"
print(a.tag, a.__dict__, repr(a), bool(Loud()), a[1:2], a.pop(), sum(a))
for x in a:
    print(x, end=" ")
print()
first, *rest = a
print(first, rest)
