# assert with and without a message; tuples; side effects.
def check(f):
    try:
        f()
        print("passed")
    except AssertionError as e:
        print("AssertionError", e.args)


def plain():
    assert 1 == 1
    assert 0


def message():
    assert [], "list is empty"


def computed():
    assert False, {"code": 5}


def evaluated_lazily():
    assert True, 1 / 0


def raises_in_test():
    assert 1 / 0


check(plain)
check(message)
check(computed)
check(evaluated_lazily)
try:
    check(raises_in_test)
except ZeroDivisionError as e:
    print(e)
print(__debug__)
if __debug__:
    print("debug on")
