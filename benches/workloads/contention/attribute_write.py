# Every thread writes an attribute of one shared instance, each its own.
class Board:
    def __init__(self):
        self.a = 0
        self.b = 0
        self.c = 0
        self.d = 0


def setup(n, threads):
    return Board()


def work(board, index, n, threads):
    turns = n * 10 * (index + 1) // threads - n * 10 * index // threads
    which = index % 4
    for i in range(turns):
        if which == 0:
            board.a = i
        elif which == 1:
            board.b = i
        elif which == 2:
            board.c = i
        else:
            board.d = i
    return turns


def check(board, parts):
    return sum(parts)
