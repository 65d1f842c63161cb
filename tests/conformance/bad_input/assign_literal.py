# status: 1
x = 1
5 = x
