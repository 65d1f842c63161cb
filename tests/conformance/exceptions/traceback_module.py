# The traceback module sees what the interpreter prints.
import traceback


def inner():
    raise ValueError("from inner")


def outer():
    inner()


try:
    outer()
except ValueError as e:
    text = traceback.format_exc()
    print(text.replace(__file__, "FILE"))
    print(traceback.format_exception_only(e), [f.name for f in traceback.extract_tb(e.__traceback__)], [f.lineno for f in traceback.extract_tb(e.__traceback__)])
print("".join(traceback.format_exception_only(TypeError, TypeError("t"))), end="")
