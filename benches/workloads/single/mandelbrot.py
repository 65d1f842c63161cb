# Escape times on a strip of the Mandelbrot set, in floats: one tight loop, no objects but numbers.
WIDTH = 24
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


def run(n):
    total = 0
    for i in range(n):
        total += row(i % WIDTH)
    return total
