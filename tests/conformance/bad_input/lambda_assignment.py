# status: 1
lambda: x = 1
