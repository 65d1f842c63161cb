# status: 1
# sys.excepthook replaces the report.
import sys


def hook(cls, value, tb):
    print("hook:", cls.__name__, value, tb.tb_lineno)


sys.excepthook = hook
try:
    sys.excepthook(KeyError, KeyError("direct"), type("T", (), {"tb_lineno": 0}))
finally:
    raise ValueError("reported by the hook")
