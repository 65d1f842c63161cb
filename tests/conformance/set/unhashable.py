# Elements must be hashable; the message names the use.
for f in (lambda: {[]}, lambda: set([{}]), lambda: {1}.add([]), lambda: [] in {1}, lambda: frozenset([[]]), lambda: {x for x in ([],)}, lambda: set().discard([]), lambda: set().remove({})):
    try:
        print(f())
    except TypeError as e:
        print(e)
