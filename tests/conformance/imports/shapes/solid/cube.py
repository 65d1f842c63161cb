from ..circle import KIND
from .. import helper


def volume(a):
    return a ** 3


class Cube:
    def __init__(self, a):
        self.a = a

    def describe(self):
        return f"cube {volume(self.a)} {KIND} {helper.twice(1)[0]}"
