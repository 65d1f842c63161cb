__all__ = ["cube_count", "cube"]
cube_count = 1
hidden = 2
_private = 3
