# global, nonlocal, local: which name is meant.
x = "global"


def read():
    return x


def shadow():
    x = "local"
    return x


def write():
    global x, created
    x = "written"
    created = 1


def early():
    try:
        print(y)
    except UnboundLocalError as e:
        print(type(e).__name__, e)
    y = 1


def deleted():
    z = 1
    del z
    try:
        z
    except UnboundLocalError as e:
        print(e)
    try:
        del z
    except UnboundLocalError as e:
        print(e)


print(read(), shadow(), x)
write()
print(x, created)
early()
deleted()
try:
    undefined_name
except NameError as e:
    print(e, e.name)
try:
    del undefined_name
except NameError as e:
    print(e)


class Scope:
    x = "class"
    y = x + "!"
    try:
        z = [x for _ in range(1)]
    except NameError as e:
        print(e)

    def method(self):
        return x


print(Scope.y, Scope.z, Scope().method())


def outer():
    x = "outer"

    class Inner:
        got = x
        x = "inner"

        def f(self):
            return x

    return Inner.got, Inner.x, Inner().f()


print(outer())


def builtin_shadow():
    len = lambda v: "mine"
    return len([])


print(builtin_shadow(), len([]))


def loop_variable():
    for i in range(3):
        j = i
    return i, j


print(loop_variable())


def conditional(flag):
    if flag:
        v = 1
    return v


try:
    conditional(False)
except UnboundLocalError as e:
    print(e)


def global_in_nested():
    def f():
        global x
        x = "nested"
    x = "mine"
    f()
    return x


print(global_in_nested(), x, sorted(n for n in globals() if n in ("x", "created", "y")))
