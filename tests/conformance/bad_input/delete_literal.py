# status: 1
del 5
