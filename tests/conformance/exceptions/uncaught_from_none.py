# status: 1
# `from None` hides the context; notes are printed.
try:
    {}["k"]
except KeyError:
    error = ValueError("clean")
    error.add_note("first note")
    error.add_note("second\nnote")
    raise error from None
