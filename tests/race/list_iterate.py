# Iterating over a list that others change.
from support import hammer, rounds

n = rounds(1500)
shared = [str(i) for i in range(100)]


def iterate():
    for _ in range(n):
        count = 0
        for x in shared:
            assert type(x) is str
            count += 1
            if count > 500:
                break


def change():
    for i in range(n * 20):
        shared.append(str(i))
        if len(shared) > 150:
            del shared[:100]


def comprehend():
    for _ in range(n):
        [len(x) for x in shared[:200]]
        list(zip(shared, reversed(shared)))
        sum(1 for _ in enumerate(list(shared)))


hammer(iterate, iterate, change, comprehend)
print("ok")
