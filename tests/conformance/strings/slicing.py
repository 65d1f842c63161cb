# Every slice, in narrow and wide strings.
for s in ("abcdef", "ab\u00e9\u4e2d\U0001F600f"):
    for start in (None, 0, 2, -2, 9, -9):
        for stop in (None, 1, 4, -1, 9):
            print(s[start:stop], s[start:stop:2], s[start:stop:-1], s[start:stop:-2], sep="|")
print("abc"[slice(1, None)], "abc"[slice(-1)], "abcdef"[10:0:-3], "x" * 3, "\U0001F600"[0], len("\U0001F600a"), "é中😀"[::-1])
print("abc"[True], "abcdef"[2 ** 70:], "abcdef"[:-2 ** 70], "abcdef"[-2 ** 70:2 ** 70])
