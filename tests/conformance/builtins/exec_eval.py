# exec, eval, compile.
print(eval("1 + 2"), eval(" 'a' * 3 "), eval("x + y", {"x": 1}, {"y": 2}), eval("[i for i in range(3)]"), eval("(lambda v: v * 2)(4)"), exec("pass"))
space = {}
exec("a = 1\ndef f(n):\n    return n + a\nclass K:\n    v = f(1)\nresult = [f(i) for i in range(3)]", space)
print(space["f"](5), space["K"].v, space["result"], sorted(k for k in space if k != "__builtins__"))
code = compile("z = 6 * 7", "<made>", "exec")
exec(code)
print(z, code.co_filename, code.co_name, eval(compile("z + 1", "e", "eval")), type(code).__name__)
exec(compile("1 + 1\n", "s", "single"))


def local():
    n = 5
    exec("n = 6")
    d = {}
    exec("m = n * 2", {"n": n}, d)
    return n, eval("n + 1"), d


print(local())


class Loud(dict):
    def __getitem__(self, k):
        print("lookup", k)
        return super().__getitem__(k)


print(eval("p + q", {}, Loud(p=1, q=2)))
for text in ("1 +", "x = 1", "(", "def", "'abc", "a b", "1 2", "f(x for x in y, 1)", "lambda: (yield)" if False else "*a"):
    try:
        print(eval(text))
    except SyntaxError as e:
        print(repr(text), "|", e.msg, e.lineno, e.offset, e.filename)
for f in (lambda: eval("nope"), lambda: exec("raise KeyError('k')"), lambda: eval(5), lambda: compile("1", "f", "wrong"), lambda: exec("x", 5), lambda: eval("1/0"), lambda: eval(""), lambda: exec("return 1"), lambda: eval("\0")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, str(e), sep=": ")
g = {"__builtins__": {"len": len}}
print(eval("len([1])", g))
try:
    eval("print", g)
except NameError as e:
    print(e)
import ast
print(ast.literal_eval("[1, 'a', {'k': (None, True)}]"))
