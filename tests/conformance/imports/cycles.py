# Modules that import one another.
import loops.first
print(loops.first.value(), loops.second.value())
try:
    import loops.broken
except ImportError as e:
    print(str(e).partition(" (/")[0].replace(__file__.rpartition("/")[0], "DIR"))
    print(e.name)
import sys
print("loops.broken" in sys.modules, "loops.broken_other" in sys.modules)
try:
    import loops.attribute
except AttributeError as e:
    print(str(e).partition(" from '")[0])
