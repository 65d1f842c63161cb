# status: 1
# Carets over a part of a long expression and over several lines.
def f(a, b):
    return a + b


values = [1, 2, 3]
result = f(
    values[0],
    f(values[1],
      values[9]),
)
