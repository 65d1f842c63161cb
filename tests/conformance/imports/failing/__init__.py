__all__ = ["good", "not_there"]
from . import good
