# Every thread starts and joins threads that do next to nothing: the price of a thread, which the other programs leave out.
import threading


def setup(n, threads):
    return [0] * n


def work(done, index, n, threads):
    def visit(place):
        done[place] += 1

    for place in range(index, n, threads):
        visitor = threading.Thread(target=visit, args=(place,))
        visitor.start()
        visitor.join()
    return 0


def check(done, parts):
    return sum(done)
