# status: 1
def f():
    x = 0

    def g():
        nonlocal x
        global x
