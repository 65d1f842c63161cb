from .broken_other import y
x = 1
