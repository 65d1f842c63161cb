# status: 1
# A custom exception without a message, from a nested class in a function.
def make():
    class Local(Exception):
        pass
    return Local


class Quiet(Exception):
    def __str__(self):
        return ""


try:
    raise make()("local")
except Exception:
    raise Quiet
