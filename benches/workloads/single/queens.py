# Six queens on a board by depth-first search with sets of attacked columns and diagonals.
SIZE = 6


def place(row, columns, up, down):
    if row == SIZE:
        return 1
    found = 0
    for column in range(SIZE):
        if column in columns or row + column in up or row - column in down:
            continue
        columns.add(column)
        up.add(row + column)
        down.add(row - column)
        found += place(row + 1, columns, up, down)
        columns.remove(column)
        up.remove(row + column)
        down.remove(row - column)
    return found


def run(n):
    total = 0
    for _ in range(n):
        total += place(0, set(), set(), set())
    return total
