# print's keywords, input from standard input.
import sys
print()
print("a", 1, None, sep="-", end="!\n")
print("x", "y", sep="")
print(*range(3), sep=", ")
print("to stdout", file=sys.stdout, flush=True)
print("none keywords", sep=None, end=None, file=None)
print("error text", file=sys.stderr)


class Out:
    def __init__(self):
        self.parts = []

    def write(self, s):
        self.parts.append(s)


out = Out()
print("a", "b", file=out)
print(out.parts)
print(repr(input()), repr(input("prompt> ")), repr(sys.stdin.readline()), [line.rstrip() for line in sys.stdin])
try:
    input()
except EOFError as e:
    print(type(e).__name__, e)
for f in (lambda: print(sep=5), lambda: print(end=5), lambda: print(file=5), lambda: input(1, 2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
n = sys.stdout.write("written\n")
print(n, sys.stdout.name, sys.stdin.name, sys.stdout.encoding.lower(), sys.stdout.isatty())
