# status: 1
x = [i for 5 in range(3)]
