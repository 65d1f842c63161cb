# status: 1
x = []
del x, len(x)
