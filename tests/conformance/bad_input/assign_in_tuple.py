# status: 1
a, 1, b = range(3)
