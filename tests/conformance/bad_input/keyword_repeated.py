# status: 1
print(1, sep="", end="", sep="-")
