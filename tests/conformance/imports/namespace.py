# A folder without __init__ is a package too; modules named by path; sys.path.
import plain.inner
import plain
print(plain.inner.v, plain.__name__, getattr(plain, "__file__", None), len(list(plain.__path__)))
import os
import sys
print(os.path.basename(sys.path[0]), os.path.isabs(sys.path[0]), len(sys.argv), os.path.basename(sys.argv[0]))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "plain", "extra"))
import found
print(found.v)
