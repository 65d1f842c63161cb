# Dict comprehensions.
print({x: x * x for x in range(5)}, {x: y for x, y in [("a", 1), ("b", 2)] if y > 1}, {k.upper(): v for k, v in {"a": 1}.items()}, {x % 3: x for x in range(10)}, {(a, b): a * b for a in range(2) for b in range(2)})


def log(x):
    print("log", x)
    return x


print({log("k"): log("v") for _ in range(2)})
x = "outer"
print({x: x for x in range(2)}, x)
print({k: [v for v in range(k)] for k in range(3)}, {**{i: i for i in range(2)}}, {i: (lambda: i)() for i in range(2)})
try:
    {k: 1 / k for k in (1, 0)}
except ZeroDivisionError as e:
    print(e)
