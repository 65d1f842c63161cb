from .circle import KIND
from . import circle as sibling


def twice(x):
    return x * 2, KIND, sibling.KIND
