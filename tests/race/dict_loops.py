# Loops over a dict and its views, and look-ups of classes and objects, while other threads change the dict.
from support import hammer, rounds

n = rounds(4000)
shared = {i: [i] for i in range(50)}
by_class = {int: [int], str: [str], None: [None]}
classes = [type(f"C{i}", (), {}) for i in range(20)]


def loop():
    for i in range(n // 4):
        try:
            for k, v in shared.items():
                assert v[0] == k
            for k in shared:
                assert type(k) is int
            for v in shared.values():
                assert type(v[0]) is int
            for item in shared.items():
                assert item[1][0] == item[0]
        except RuntimeError as e:
            assert "during iteration" in str(e), e


def replace():
    for i in range(n * 5):
        shared[i % 50] = [i % 50]


def grow():
    for i in range(n):
        shared[100 + i % 300] = [100 + i % 300]
        shared.pop(100 + (i * 7) % 300, None)
        if i % 500 == 0:
            for k in range(100, 400):
                shared.pop(k, None)


def register():
    for i in range(n * 2):
        cls = classes[i % 20]
        if i % 3:
            by_class[cls] = [cls]
        else:
            by_class.pop(cls, None)


def dispatch():
    for i in range(n * 2):
        assert by_class[int][0] is int and by_class[None][0] is None and by_class.get(str)[0] is str
        cls = classes[i % 20]
        found = by_class.get(cls)
        assert found is None or found[0] is cls
        assert (cls in by_class) in (True, False)


hammer(loop, loop, replace, grow, dispatch, register, dispatch)
assert by_class[int][0] is int
print("ok")
