# status: 1
# assert with a message.
def check(x):
    assert isinstance(x, int), f"not an int: {x!r}"
    assert x > 0
    return x


check(5)
try:
    check(-1)
except AssertionError as e:
    print(repr(e))
check("five")
