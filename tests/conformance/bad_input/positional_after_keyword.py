# status: 1
print(sep="", 1)
