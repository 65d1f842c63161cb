print("first starts")
from . import second
print("first goes on")


def value():
    return "first", second.NAME


NAME = "1st"
