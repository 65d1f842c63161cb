# The words of failing imports.
def attempt(code):
    try:
        exec(code, {"__name__": "mod", "__package__": ""})
        print("no error")
    except Exception as e:
        text = str(e).replace(__file__.rpartition("/")[0], "DIR")
        print(type(e).__name__, text, getattr(e, "name", None), sep=" | ")


attempt("import nowhere")
attempt("import nowhere.deep")
attempt("import failing.absent")
attempt("from failing import absent")
attempt("from failing import *")
attempt("import failing.raises")
attempt("import failing.raises")
attempt("from failing.raises import x")
attempt("import failing.bad_syntax")
attempt("import sys.nothing")
attempt("from . import x")
attempt("from sys import nothing")
attempt("import failing.good as g; print(g.v)")
import sys
print(sorted(m for m in sys.modules if m.startswith("failing")))
sys.modules["blocked"] = None
attempt("import blocked")
sys.modules["fake"] = type(sys)("fake")
sys.modules["fake"].v = 42
attempt("import fake; print(fake.v); from fake import v; print(v)")
attempt("import failing.package_relative")
