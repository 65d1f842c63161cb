from . import attribute_other
late = 1
