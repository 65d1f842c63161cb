# Share-nothing: many small solar systems, dealt out to the threads; attribute traffic on objects that one thread makes and uses.
from math import sqrt

STEPS = 10


class Body:
    def __init__(self, x, y, vx, vy, mass):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.mass = mass


def simulate(seed):
    bodies = [
        Body(0.0, 0.0, 0.0, 0.0, 40.0),
        Body(1.0 + seed % 7 * 0.01, 0.0, 0.0, 6.3, 0.001),
        Body(0.0, 2.0, -4.4, 0.0, 0.002),
        Body(-3.0, 0.0, 0.0, -3.6, 0.001),
    ]
    for _ in range(STEPS):
        for i in range(4):
            a = bodies[i]
            for j in range(i + 1, 4):
                b = bodies[j]
                dx = a.x - b.x
                dy = a.y - b.y
                square = dx * dx + dy * dy
                pull = 0.001 / (square * sqrt(square))
                a.vx -= dx * b.mass * pull
                a.vy -= dy * b.mass * pull
                b.vx += dx * a.mass * pull
                b.vy += dy * a.mass * pull
        for body in bodies:
            body.x += 0.001 * body.vx
            body.y += 0.001 * body.vy
    return sum(body.x + body.y for body in bodies)


def setup(n, threads):
    return None


def work(shared, index, n, threads):
    total = 0
    for seed in range(index, n, threads):
        total += int(simulate(seed) * 1000000.0)
    return total


def check(shared, parts):
    return sum(parts)
