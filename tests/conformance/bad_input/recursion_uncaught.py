# status: 1
# An uncaught RecursionError has a folded traceback.
def endless(n):
    return endless(n + 1)


endless(0)
