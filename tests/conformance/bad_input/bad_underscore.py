# status: 1
x = 1__0
