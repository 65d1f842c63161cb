# Big integers and floats as shared values.
from support import hammer, rounds

n = rounds(15000)
cell = [2 ** 100, 0.5]
table = {2 ** 70 + i: i for i in range(50)}


def write(me):
    def job():
        for i in range(n):
            cell[0] = (2 ** 100 + i) * 3
            cell[1] = i * 0.5
            table[2 ** 70 + i % 50] = i % 50
    return job


def read():
    for i in range(n):
        assert cell[0] % 3 in (0, 1)
        assert cell[1] >= 0
        assert table[2 ** 70 + i % 50] == i % 50
        str(cell[0])


hammer(write(1), write(2), read, read)
print("ok")
