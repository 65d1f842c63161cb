print("second starts")
from . import first


def value():
    return "second", first.NAME


NAME = "2nd"
