# status: 1
print((*[1]))
