# center, ljust, rjust, zfill.
print(["ab".center(7), "ab".center(6), "abc".center(6), "ab".center(1), "ab".center(7, "*"), "ab".ljust(5) + "|", "ab".rjust(5), "ab".ljust(5, "."), "ab".rjust(5, "é")])
print(["42".zfill(5), "-42".zfill(6), "+1".zfill(4), "abc".zfill(2), "".zfill(3), "--1".zfill(5)])
for f in (lambda: "a".center(5, "ab"), lambda: "a".ljust("x"), lambda: "a".center(5, 1)):
    try:
        print(f())
    except TypeError as e:
        print(e)
