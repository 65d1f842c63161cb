# status: 1
# A traceback through a generator, a comprehension, a lambda and a class body.
def gen():
    yield 1
    yield from other()


def other():
    yield 2
    raise LookupError("in generator")


pick = lambda it: [x for x in it]


class Body:
    values = pick(gen())
