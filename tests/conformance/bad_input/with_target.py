# status: 1
with open("x") as 5:
    pass
