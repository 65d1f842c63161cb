# status: 1
print(True=1)
