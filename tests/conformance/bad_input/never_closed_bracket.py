# status: 1
items = [1, 2
for i in items:
    print(i)
