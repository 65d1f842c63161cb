# status: 1
def f(): pass
f() = 5
