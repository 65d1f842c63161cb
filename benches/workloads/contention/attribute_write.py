# Every thread writes one of four attributes of one shared instance; from five threads on some write the same.
class Board:
    def __init__(self):
        self.a = 0
        self.b = 0
        self.c = 0
        self.d = 0


def write_a(board, turns):
    for i in range(turns):
        board.a = i


def write_b(board, turns):
    for i in range(turns):
        board.b = i


def write_c(board, turns):
    for i in range(turns):
        board.c = i


def write_d(board, turns):
    for i in range(turns):
        board.d = i


WRITERS = [write_a, write_b, write_c, write_d]


def setup(n, threads):
    return Board()


def work(board, index, n, threads):
    turns = n * 10 * (index + 1) // threads - n * 10 * index // threads
    WRITERS[index % 4](board, turns)
    return turns


def check(board, parts):
    # What stands there must have been written by one who writes there.
    wrong = 0
    for place, last in enumerate([board.a, board.b, board.c, board.d]):
        writers = parts[place::4]
        if last not in [max(turns - 1, 0) for turns in writers or [0]]:
            wrong += 1
    return sum(parts) + wrong * 1000000007
