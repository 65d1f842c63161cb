# Products of every size.
values = [0, 1, -1, 3, -7, 2 ** 15, 2 ** 31 - 1, -2 ** 31, 2 ** 32 + 1, 2 ** 62 - 1, -2 ** 62, 2 ** 64 + 13, -10 ** 30]
for a in values:
    print(*[a * b for b in values])
product = 1
for i in range(1, 60):
    product *= i
print(product)
print(True * 5, False * 7, True * True)
