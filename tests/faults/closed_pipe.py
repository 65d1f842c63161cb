# Its reader goes away.
for i in range(10 ** 9):
    print("line", i)
