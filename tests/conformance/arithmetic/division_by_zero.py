# Every way to divide by zero.
def error(f):
    try:
        print("no error:", f())
    except ZeroDivisionError as e:
        print(e)


big = 2 ** 70
error(lambda: 1 / 0)
error(lambda: 1 // 0)
error(lambda: 1 % 0)
error(lambda: divmod(1, 0))
error(lambda: 1.0 / 0)
error(lambda: 1.0 // 0)
error(lambda: 1.0 % 0)
error(lambda: divmod(1.0, 0.0))
error(lambda: big / 0)
error(lambda: big // 0)
error(lambda: big % 0)
error(lambda: 0 ** -1)
error(lambda: 0.0 ** -1)
error(lambda: 0.0 ** -0.5)
error(lambda: False / False)
