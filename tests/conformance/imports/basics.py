# Every form of import, of a package in several files.
import shapes
import shapes.circle as circle
import shapes.solid.cube
from shapes import area, circle as c2, helper
from shapes.solid import *
from shapes.solid.cube import volume as vol, Cube
print(shapes.__name__, shapes.NAME, circle.__name__, circle is c2, shapes.solid.cube.volume(2), area(3), helper.twice(4), vol(3), Cube(2).describe())
print(cube_count, "hidden" in globals(), "_private" in globals(), shapes.solid.__all__, shapes.__package__, circle.__package__, shapes.solid.cube.__package__)
import shapes as again
from shapes.circle import area as circle_area
print(again is shapes, circle_area(1), sorted(n for n in dir(shapes) if not n.startswith("_")), type(shapes).__name__, hasattr(shapes, "__path__"), hasattr(circle, "__path__"), shapes.__doc__)
import sys
print("shapes" in sys.modules, sys.modules["shapes.circle"] is circle, sys.modules[__name__].__name__, __name__, __file__.endswith("basics.py"))
import importlib
print(importlib.import_module("shapes.circle") is circle, importlib.import_module(".circle", "shapes") is circle, __import__("shapes.circle") is shapes)


def local_import():
    import shapes.circle
    from shapes import NAME as n
    return n, shapes.circle.KIND


print(local_import())
