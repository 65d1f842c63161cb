# Makes and drops small objects: instances, tuples, short lists, a linked chain.
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Link:
    __slots__ = ("value", "rest")

    def __init__(self, value, rest):
        self.value = value
        self.rest = rest


def run(n):
    total = 0
    for turn in range(n):
        chain = None
        for i in range(40):
            point = Point(i, turn)
            pair = (point, i)
            box = [pair, point]
            chain = Link(box, chain)
        while chain is not None:
            pair, point = chain.value
            total += point.x + pair[1]
            chain = chain.rest
    return total
