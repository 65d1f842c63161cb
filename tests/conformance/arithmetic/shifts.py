# Shifts of small and big numbers; negative numbers shift arithmetically.
for n in (0, 1, -1, 5, -5, 2 ** 31, -2 ** 31, 2 ** 61, 2 ** 62 - 1, -2 ** 62, 2 ** 63, 2 ** 70 + 1, -2 ** 70 - 1):
    print(n, *[n << s for s in (0, 1, 2, 31, 32, 61, 62, 63, 64, 70)])
    print(n, *[n >> s for s in (0, 1, 2, 31, 32, 61, 62, 63, 64, 70, 10 ** 20)])
print(1 << True, 0 << 10 ** 20)
for f in (lambda: 1 << -1, lambda: 1 >> -1, lambda: 1 << 1.0, lambda: 2 ** 70 >> -2):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
