# Sums and differences that leave and re-enter the machine word.
big = 2 ** 62
values = [0, 1, -1, 2 ** 61 - 1, 2 ** 61, -2 ** 61, -2 ** 61 - 1, big - 1, big, -big, 2 ** 63 - 1, 2 ** 63, -2 ** 63]
for a in values:
    print(a, *[a + b for b in values])
    print(a, *[a - b for b in values])
total = 0
for i in range(200):
    total += 2 ** 60
print(total)
for i in range(200):
    total -= 2 ** 60
print(total, total == 0)
