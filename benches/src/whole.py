# Runs a program as it is, n times. What it prints must be the same every time: that is the checksum.
import io
import sys

PATH = PATH_LITERAL
SOURCE = SOURCE_LITERAL
sys.path.insert(0, PATH.rpartition("/")[0])
CODE = compile(SOURCE, PATH, "exec")


def run(n):
    total = 0
    real, arguments = sys.stdout, sys.argv
    for _ in range(n):
        sys.stdout, sys.argv = io.StringIO(), [PATH]
        try:
            exec(CODE, {"__name__": "__main__", "__file__": PATH})
        except SystemExit:
            pass
        finally:
            printed = sys.stdout.getvalue()
            sys.stdout, sys.argv = real, arguments
        for letter in printed:
            total = (total * 31 + ord(letter)) % 2305843009213693951
    return total
