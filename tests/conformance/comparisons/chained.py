# Chained comparisons evaluate each operand once and stop early.
def show(n):
    print("eval", n)
    return n


print(show(1) < show(2) < show(3))
print(show(3) < show(2) < show(1))
print(show(1) < show(3) > show(2) != show(5))
print(1 < 2 > 1 == 1 != 2 <= 2 >= 2, 1 == 1.0 == True, 1 < 3 < 2, not 1 < 2 < 3)
print(1 in [1] == True, (1 in [1]) == True)
x = 5
print(0 <= x < 10, 0 <= x < 5, "a" < "b" < "c", [1] < [1, 2] < [2])
if 1 < x < 10 and not x == 6:
    print("within")
while 0 < x < 6:
    x -= 2
print(x)
