# What may not be combined, and the words for it.
def error(f):
    try:
        print("no error:", f())
    except TypeError as e:
        print(e)


error(lambda: 1 + "a")
error(lambda: "a" + 1)
error(lambda: 1 - None)
error(lambda: [] + ())
error(lambda: {} + {})
error(lambda: 1 & 1.0)
error(lambda: 1.5 | 2)
error(lambda: 1.5 << 1)
error(lambda: ~1.5)
error(lambda: -"a")
error(lambda: +[])
error(lambda: "a" * "b")
error(lambda: [1] * 1.5)
error(lambda: None * 2)
error(lambda: 1 @ 2)
error(lambda: 1 < "a")
error(lambda: None >= 0)
error(lambda: [] < 1)
error(lambda: {} < {})
error(lambda: abs("a"))
error(lambda: divmod("a", 1))
error(lambda: object() + 1)
error(lambda: len < 1)


def augmented():
    x = 1
    x += "a"


error(augmented)
