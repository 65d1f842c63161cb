# is, is not, in, not in.
a = []
b = a
print(a is b, a is not b, a is [], a == [], None is None, ... is Ellipsis, NotImplemented is NotImplemented, True is (1 == 1))
print(2 in [1, 2], 2 not in [1, 2], "b" in "abc", "" in "abc", "bc" in "abc", "ac" not in "abc", 1 in {1: 2}, 2 in {1: 2}, 3 in (1, 2, 3))
print(1 in range(3), 3 in range(3), 1.0 in range(3), 5 in range(1, 10, 2), 6 in range(1, 10, 2), 2 ** 70 in range(2 ** 71), "a" in {"a"})
for f in (lambda: 1 in 5, lambda: 1 in "abc", lambda: "a" in None, lambda: [] in {}):
    try:
        print(f())
    except TypeError as e:
        print(str(e).partition(" as a dict key")[0][:20])
