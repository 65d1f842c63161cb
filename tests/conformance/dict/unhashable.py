# Keys must be hashable; the message names the use.
def error(f):
    try:
        print("no error:", f())
    except TypeError as e:
        print(e)


def assign():
    {}[{}] = 1


error(lambda: {[]: 1})
error(lambda: {}[[]])
error(lambda: [] in {})
error(lambda: {}.get({}))
error(lambda: {}.setdefault(set(), 1))
error(lambda: {1: 2}.pop([]))
error(lambda: dict([([], 1)]))
error(lambda: {x: 1 for x in ([],)})
error(assign)
