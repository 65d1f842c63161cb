# Every thread reads a property and a descriptor of the program's own through one shared instance.
class Doubled:
    def __get__(self, instance, owner):
        return instance.side * 2


class Square:
    twice = Doubled()

    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side * self.side


def setup(n, threads):
    return Square(3)


def work(square, index, n, threads):
    total = 0
    for _ in range(n * 5 * (index + 1) // threads - n * 5 * index // threads):
        total += square.area
        total += square.twice
    return total


def check(square, parts):
    return sum(parts)
