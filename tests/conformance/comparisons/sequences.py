# Lists, tuples and strings compare item by item.
print([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [] < [0], [2] > [1, 9, 9], [1, 2] == [1, 2], [1, 2] != [2, 1], [1] >= [1])
print((1, "a") < (1, "b"), (1, 2) == [1, 2], () < (0,), (1, (2, 3)) == (1, (2, 3)), ("a",) <= ("a",))
print("abc" < "abd", "a" < "B", "" < "a", "ab" > "aB", "\u00e9" > "z", "a\0" > "a", "\U0001F600" > "\uffff")
print(b"ab" < b"b", b"a" == "a", b"a" != "a")
nan = float("nan")
a = [nan]
print(a == [nan], a == a, [nan] == [float("nan")], (nan,) == (nan,), nan in a, a.count(nan))
print([1, [2, [3]]] == [1, [2, [3]]], [1, "x"] == [1, "y"])
try:
    print([1, "a"] < [1, 2])
except TypeError as e:
    print(e)
print([2, "a"] > [1, 2])
