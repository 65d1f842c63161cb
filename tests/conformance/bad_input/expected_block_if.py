# status: 1
if True:
print("x")
