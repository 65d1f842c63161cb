# Exceptions raised and caught, at once and through several frames, with `finally` on the way; and `try` that is never used.
class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def descend(depth, code):
    if depth == 0:
        raise Refused(code)
    return descend(depth - 1, code)


def attempt(i):
    try:
        if i % 4 == 0:
            return descend(3, i)
        if i % 4 == 1:
            return [][i]
        if i % 4 == 2:
            return {}[i]
        return i
    except Refused as refused:
        return refused.code
    except LookupError:
        return 1


def run(n):
    total = 0
    finals = 0
    for i in range(n * 10):
        try:
            total += attempt(i)
        finally:
            finals += 1
    return total + finals
