# status: 1
match 5:
    case [a, a]:
        pass
