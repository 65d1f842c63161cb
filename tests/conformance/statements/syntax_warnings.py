# What the compiler warns of, in its order; a filter makes an error of a warning.
# by hand: 3.13 words escapes differently and does not warn of jumps out of finally
x = "\d" r"\d" "\q\w" f"\{1}"
xx = b'\d\u'
y = """a
b \z"""
z = '\400' '\777'
if x is 1: pass
if x is not "a" is None: pass
assert (x, "msg")
w = lambda: (1)(2)
v = lambda: [1]["a"]
u = lambda: {1}[2]
q = lambda: None[1]
def f():
    try: pass
    finally:
        return 1
for i in []:
    try: pass
    finally:
        for j in []: break
        continue
"doc \p"
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for source in ("x is 1", "\n 1()", "f('\\d')", "assert (1, 2)", "try: pass\nfinally:\n  for x in []: break\n"):
        try:
            compile(source.replace("\n 1", "\n1"), "<text>", "exec")
            print("no warning")
        except SyntaxError as e:
            print(type(e).__name__, e.msg, e.lineno, e.offset)
    warnings.simplefilter("ignore")
    compile("x is 1", "<text>", "exec")
