# Every thread loads the same constants: a string, a tuple, a float, a big integer; each load is a reference to one object.
def setup(n, threads):
    return None


def work(shared, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        text = "a constant string"
        pair = (1, "two", 3.0)
        number = 123456789012345678901234567890
        if text is not None and pair is not None and number is not None:
            total += 1
    return total


def check(shared, parts):
    return sum(parts)
