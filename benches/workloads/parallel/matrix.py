# A matrix product by rows. Both factors are shared and read by all threads; each row of the result is one thread's own.
ORDER = 24


class Shared:
    def __init__(self, n):
        self.left = [[(i * 3 + j * 7) % 11 * 0.5 for j in range(ORDER)] for i in range(ORDER)]
        self.right = [[(i * 5 + j * 2) % 13 * 0.25 for j in range(ORDER)] for i in range(ORDER)]
        self.sums = [0.0] * n


def setup(n, threads):
    return Shared(n)


def work(shared, index, n, threads):
    left = shared.left
    right = shared.right
    for row in range(index, n, threads):
        factors = left[row % ORDER]
        product = []
        for column in range(ORDER):
            total = 0.0
            for k in range(ORDER):
                total += factors[k] * right[k][column]
            product.append(total)
        shared.sums[row] = sum(product)
    return 0


def check(shared, parts):
    return sum(shared.sums)
