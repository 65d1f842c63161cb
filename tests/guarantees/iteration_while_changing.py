# for x in L and for k in D while others change them: real items, or RuntimeError for the dict and the set; no crash.
from support import while_running

lst, d, s = list(range(100)), dict.fromkeys(range(100)), set(range(100))


def write():
    for i in range(15000):
        lst.append(i)
        lst.pop(0)
        d[1000 + i % 10] = None
        d.pop(1000 + (i * 7) % 10, None)
        s.add(1000 + i % 10)
        s.discard(1000 + (i * 7) % 10)


def read_list():
    for x in lst:
        assert type(x) is int


def read_dict():
    for c in (d, s):
        try:
            for x in c:
                assert type(x) is int
        except RuntimeError as e:
            assert "during iteration" in str(e)


while_running(write, read_list, read_dict)
print("ok")
