# status: 1
x = 1 if True
