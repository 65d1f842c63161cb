# status: 1
# A misspelt name.
counter = 1


def show():
    return conter + 1


print(show())
