# contextlib: contextmanager, suppress, closing, ExitStack, nullcontext.
import contextlib


@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as e:
        print("caught", e)
    finally:
        print(f"</{name}>")


with tag("p") as t:
    print(t)
with tag("q"):
    raise ValueError("inside")
try:
    with tag("r"):
        raise KeyError("through")
except KeyError as e:
    print(repr(e))


@tag("deco")
def f():
    print("decorated")


f()
with contextlib.suppress(KeyError, IndexError):
    {}["x"]
    print("never")
with contextlib.ExitStack() as stack:
    for n in "ab":
        stack.enter_context(tag(n))
    stack.callback(print, "callback")
    print("body")


class Thing:
    def close(self):
        print("closed")


with contextlib.closing(Thing()), contextlib.nullcontext(5) as five:
    print(five)


@contextlib.contextmanager
def no_yield():
    return
    yield


try:
    with no_yield():
        pass
except RuntimeError as e:
    print(e)
import io
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()))
