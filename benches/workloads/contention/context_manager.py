# Every thread enters and leaves one shared context manager that does nothing.
class Nothing:
    def __enter__(self):
        return 1

    def __exit__(self, kind, value, traceback):
        return None


def setup(n, threads):
    return Nothing()


def work(nothing, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        with nothing as one:
            total += one
    return total


def check(nothing, parts):
    return sum(parts)
