# Wrong numbers of values: three where two are wanted, and too few.
def error(values, n=2):
    try:
        if n == 2:
            a, b = values
        elif n == 3:
            a, b, c = values
        else:
            a, *b, c = values
        print("no error")
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e, sep=": ")


error([1, 2, 3])
error((1, 2, 3))
error({1: 1, 2: 2, 3: 3})
error([1])
error(())
error([1, 2], 3)
error("ab", 3)
error([1], 0)
error([], 0)
error(5)
error(None)
error(iter([1]))
for bad in (5, None, len):
    try:
        for a, b in [bad]:
            pass
    except TypeError as e:
        print(e)
