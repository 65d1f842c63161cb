# status: 1
x = 0123
