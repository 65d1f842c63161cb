# status: 1
print("first")
x = 1 2
