# Augmented assignment on every target and operator.
x = 10
x += 5
x -= 3
x *= 4
x //= 5
x **= 3
x %= 100
x /= 4
print(x)


class Box:
    pass


box = Box()
box.n = 1
box.n += 41
items = [1, 2, 3]
items[0] += 10
items[-1] *= 2
d = {"k": 2 ** 61}
d["k"] += 2 ** 61
d["k"] <<= 2
print(box.n, items, d)
a = b = [1]
a += [2]
print(a, b, a is b)
a = a + [3]
print(a, b, a is b)
s = "x"
s += "y"
s *= 3
t = (1,)
t += (2,)
print(s, t)
m = n = 1
m += 1
print(m, n)


def index():
    print("index once")
    return 0


items[index()] -= 1
print(items)
