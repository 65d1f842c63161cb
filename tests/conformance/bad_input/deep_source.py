# Source that nests deeply or is very long is compiled, or refused with an exception: no crash, no hang.
# by hand: how deep is too deep differs between versions
N = 40_000
sources = {
    "parentheses": "(" * N + ")" * N, "open": "[" * N, "199 parentheses": "(" * 199 + "1" + ")" * 199, "minus": "-" * N + "1", "not": "not " * N + "1",
    "1000 minus": "-" * 1000 + "1", "terms": "1+" * N + "1", "names": "a+" * N + "a", "attributes": "a" + ".b" * N, "calls": "f" + "()" * N, "items": "a" + "[0]" * N,
    "powers": "a**" * N + "a", "lambdas": "lambda: " * N + "1", "conditions": "1 if 1 else " * N + "1", "and": "a and " * N + "a", "comparisons": "a < " * N + "a",
    "await": "await " * N + "a", "f-strings": "f'{" * 200 + "1" + "}'" * 200, "strings": "'a' " * N, "stars": "*" * N + "a", "dots": "." * N, "list": "[" + "1," * N + "]",
    "comprehensions": "[x for x in " * 150 + "a" + "]" * 150, "lambdas with and": "lambda: 1 and " * N + "1", "string end": '"' * (N + 1), "arguments": "f(" + "".join(f"a{i}=1," for i in range(N)) + ")",
}
statements = {
    "if": "".join(" " * i + "if 1:\n" for i in range(99)) + " " * 99 + "pass", "if too deep": "".join(" " * i + "if 1:\n" for i in range(150)) + " " * 150 + "pass",
    "for": "".join(" " * i + "for x in a:\n" for i in range(21)) + " " * 21 + "pass", "for too deep": "".join(" " * i + "for x in a:\n" for i in range(30)) + " " * 30 + "pass",
    "elif": "if 0: pass\n" + "elif 0: pass\n" * 5000, "semicolons": "x = 1;" * N, "assignments": "x = " * N + "1", "with": "with " + ", ".join(["a"] * N) + ": pass", "continued": "\\\n" * N + "1",
    "functions": "".join(" " * i + "def f():\n" for i in range(99)) + " " * 99 + "pass", "decorators": "@a\n" * N + "def f(): pass", "global": "global " + ", ".join(f"a{i}" for i in range(N)),
}
for kind, cases in (("eval", sources), ("exec", statements)):
    for name, source in cases.items():
        try:
            compile(source, "<deep>", kind)
            print(name, "compiled")
        except (SyntaxError, RecursionError) as e:
            print(name, type(e).__name__, e.msg if isinstance(e, SyntaxError) else e)
