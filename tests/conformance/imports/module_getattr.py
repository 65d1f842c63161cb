# A module's __getattr__ and __dir__.
import guarded.tool
from guarded.tool import dynamic
print(guarded.tool.dynamic, dynamic)
try:
    guarded.tool.other
except AttributeError as e:
    print(e)
try:
    from guarded.tool import other
except ImportError as e:
    print(type(e).__name__)
