# index() names the method, not the value.
for f in (lambda: [1, 2].index(5), lambda: ["a"].index("b"), lambda: [1, 2, 3].index(1, 1), lambda: [1, 2, 3].index(3, 0, 2)):
    try:
        print(f())
    except ValueError as e:
        print(repr(e).partition("(")[0])
try:
    [1].index(5)
except ValueError as e:
    print(f"ValueError: {e}")
