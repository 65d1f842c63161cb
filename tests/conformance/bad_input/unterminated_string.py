# status: 1
x = "abc
print(x)
