# The outer solar system under Newton's law, stepped with a symplectic Euler method. The bodies are instances: attribute
# reads and writes around float arithmetic. Distances by square root, which is exact everywhere, unlike a power.
from math import sqrt

SOLAR_MASS = 39.47841760435743
DAYS = 365.24


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx * DAYS
        self.vy = vy * DAYS
        self.vz = vz * DAYS
        self.mass = mass * SOLAR_MASS


def solar_system():
    bodies = [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        Body(4.84143144, -1.16032004, -0.10362204, 0.00166007, 0.00769901, -0.00006904, 0.000954791),
        Body(8.34336671, 4.12479856, -0.40352341, -0.00276742, 0.00499852, 0.00002304, 0.000285885),
        Body(12.8943695, -15.1111514, -0.22330757, 0.00296460, 0.00237847, -0.00002965, 0.0000436624),
        Body(15.3796971, -25.9193146, 0.17925877, 0.00268067, 0.00162824, -0.00009515, 0.0000515138),
    ]
    sun = bodies[0]
    for body in bodies[1:]:
        sun.vx -= body.vx * body.mass / sun.mass
        sun.vy -= body.vy * body.mass / sun.mass
        sun.vz -= body.vz * body.mass / sun.mass
    return bodies


def step(bodies, pairs, dt):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        square = dx * dx + dy * dy + dz * dz
        pull = dt / (square * sqrt(square))
        weight = b.mass * pull
        a.vx -= dx * weight
        a.vy -= dy * weight
        a.vz -= dz * weight
        weight = a.mass * pull
        b.vx += dx * weight
        b.vy += dy * weight
        b.vz += dz * weight
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies, pairs):
    total = 0.0
    for body in bodies:
        total += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz)
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        total -= a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def run(n):
    bodies = solar_system()
    pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i + 1, 5)]
    for _ in range(n):
        step(bodies, pairs, 0.01)
    return energy(bodies, pairs)
