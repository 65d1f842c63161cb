# slice: attributes, indices, in __getitem__.
s = slice(1, 5, 2)
print(s, s.start, s.stop, s.step, slice(3), slice(None), s.indices(10), s.indices(3), slice(None, None, -1).indices(4), slice(-3, None).indices(10), s == slice(1, 5, 2), s != slice(1), slice(1, 2) < slice(1, 3))


class Show:
    def __getitem__(self, key):
        return key


x = Show()
print(x[1], x[1:2], x[::], x[1:2, 3], x[...], x[:, 1:], x["a":"b":"c"], x[()], x[1,], x[-1:None], x[*[1, 2]])
print("abcdef"[s], [0, 1, 2, 3, 4, 5][s], (0, 1, 2)[slice(2)], b"abc"[slice(None, None, -1)])


class I:
    def __index__(self):
        return 2


print([1, 2, 3][I()], "abcd"[I():], [0] * I(), range(I()), hex(I()), [1, 2, 3, 4][:I()], "ab" * I(), bytes(I()), (1).__class__(I()))
for f in (lambda: slice(), lambda: slice("a", 1).indices(5), lambda: list("a")[1.0:], lambda: slice(1, 2, 0).indices(5), lambda: slice(1).indices(-1), lambda: slice(1, 2, 3, 4)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
