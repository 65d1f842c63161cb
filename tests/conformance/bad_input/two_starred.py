# status: 1
a, *b, c, *d = range(9)
