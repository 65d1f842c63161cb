from . import attribute
print(attribute.late)
