# Assignment expressions.
if (n := len([1, 2, 3])) > 2:
    print("long", n)
data = iter([5, 3, 0, 9])
while (x := next(data)):
    print(x, end=" ")
print(x)
print([y for v in range(5) if (y := v * v) > 3], y, (a := 1, b := 2), a, b, (c := [1]) is c)


def f():
    total = 0
    partial = [total := total + v for v in [1, 2, 3]]
    return total, partial


def g(x=(d := 5)):
    return x, d


print(f(), g(), any((hit := w).startswith("b") for w in ["a", "bc", "d"]), hit, f"{(z := 7)} {z}", {(k := "key"): (v2 := 2)}, k, v2, (lambda: (q := 3) + q)())
print((m := 1) + (m := m + 1) + m, not (t := False), t, [i := 0, i := i + 1], i)
