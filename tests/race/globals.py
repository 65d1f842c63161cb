# Module globals written, deleted and read by all threads.
from support import hammer, rounds

n = rounds(30000)
value = ("whole", 0)
counter = 0


def write():
    global value, counter, sometimes
    for i in range(n):
        value = ("whole", i)
        counter += 1
        sometimes = i
        if i % 3 == 0:
            try:
                del sometimes
            except NameError:
                pass


def read():
    for i in range(n):
        assert value[0] == "whole"
        try:
            sometimes
        except NameError:
            pass
        len(value)


def add():
    for i in range(n // 10):
        globals()[f"g{i % 200}"] = i
        assert f"g{i % 200}" in globals()


hammer(write, write, read, read, add)
assert 1 <= counter <= 2 * n
print("ok")
