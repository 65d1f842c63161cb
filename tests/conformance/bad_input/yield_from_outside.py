# status: 1
class C:
    yield from []
