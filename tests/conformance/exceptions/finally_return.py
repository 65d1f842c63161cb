# by hand: 3.14 warns about leaving a finally block.
def f():
    try:
        1 / 0
    finally:
        return "swallowed"


def g():
    for i in range(3):
        try:
            return "lost"
        finally:
            if i < 2:
                continue
            break
    return "after loop"


print(f(), g())
