# Deeply nested source is an error, never a crash.
for name, text in (("parentheses", "(" * 100000 + ")" * 100000), ("brackets", "[" * 50000), ("minus", "-" * 100000 + "1"), ("not", "not " * 50000 + "1"), ("calls", "f(" * 50000 + ")" * 50000), ("power", "2**" * 50000 + "1"), ("if", "".join(" " * i + "if 1:\n" for i in range(300)) + " " * 300 + "pass"), ("lambda", "lambda:" * 50000 + "1"), ("attribute", "a" + ".b" * 100000), ("fstring", "f'{" * 200 + "1" + "}'" * 200)):
    try:
        compile(text, "deep", "exec")
    except (SyntaxError, RecursionError, MemoryError):
        pass
    print(name, "compiled or refused")
try:
    code = compile("+".join(["1"] * 3000), "wide", "eval")
    print(eval(code))
except RecursionError:
    print("too wide")
print("still alive")
