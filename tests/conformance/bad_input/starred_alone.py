# status: 1
*a = [1]
