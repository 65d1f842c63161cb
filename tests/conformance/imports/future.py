# __future__ imports.
from __future__ import annotations
from __future__ import division, print_function


def f(x: undefined_here) -> also_not:
    return x


print(f(1), f.__annotations__, division.optional[:2])
