# Generators feeding each other, and comprehensions of every kind.
def numbers(count):
    for i in range(count):
        yield i


def squares(source):
    for value in source:
        yield value * value


def odd(source):
    return (value for value in source if value % 2)


def tree(low, high):
    if low < high:
        middle = (low + high) // 2
        yield from tree(low, middle)
        yield middle
        yield from tree(middle + 1, high)


def run(n):
    total = 0
    for turn in range(n):
        total += sum(odd(squares(numbers(60))))
        total += sum(value for value in tree(0, 30))
        evens = [value for value in range(60) if value % 2 == 0]
        index = {value: place for place, value in enumerate(evens)}
        remainders = {value % 7 for value in evens}
        total += len(index) + len(remainders) + evens[turn % 30]
    return total
