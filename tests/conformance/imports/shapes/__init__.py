"""A package of shapes."""
print("importing", __name__)
from . import circle
from .circle import area
from . import helper
NAME = "shapes"
