# Rows of the Mandelbrot set, dealt out to the threads: float loops without a single shared object.
WIDTH = 32
LIMIT = 60


def row(y):
    total = 0
    ci = y * 2.0 / WIDTH - 1.0
    for x in range(WIDTH):
        cr = x * 3.0 / WIDTH - 2.0
        zr = 0.0
        zi = 0.0
        steps = 0
        while steps < LIMIT:
            rr = zr * zr
            ii = zi * zi
            if rr + ii > 4.0:
                break
            zi = 2.0 * zr * zi + ci
            zr = rr - ii + cr
            steps += 1
        total += steps
    return total


def setup(n, threads):
    return None


def work(shared, index, n, threads):
    # Rows differ in cost; a stride of seven spreads the dear ones evenly over the shares.
    total = 0
    for i in range(n * index // threads, n * (index + 1) // threads):
        total += row((i * 7 + 3) % WIDTH)
    return total


def check(shared, parts):
    return sum(parts)
