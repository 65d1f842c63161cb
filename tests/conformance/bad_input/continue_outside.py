# status: 1
def f():
    continue
