"""Planets attract one another: floats and attributes."""
import math


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def advance(bodies, dt):
    for i, a in enumerate(bodies):
        for b in bodies[i + 1:]:
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            mag = dt / (dx * dx + dy * dy + dz * dz) ** 1.5
            a.vx -= dx * b.mass * mag
            a.vy -= dy * b.mass * mag
            a.vz -= dz * b.mass * mag
            b.vx += dx * a.mass * mag
            b.vy += dy * a.mass * mag
            b.vz += dz * a.mass * mag
    for b in bodies:
        b.x += dt * b.vx
        b.y += dt * b.vy
        b.z += dt * b.vz


def energy(bodies):
    e = sum(0.5 * b.mass * (b.vx ** 2 + b.vy ** 2 + b.vz ** 2) for b in bodies)
    for i, a in enumerate(bodies):
        for b in bodies[i + 1:]:
            e -= a.mass * b.mass / math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2)
    return e


system = [Body(0, 0, 0, 0, 0, 0, 40.0), Body(5, 0, 1, 0, 2.5, 0, 0.04), Body(-8, 1, 0, 0, -2, 0.3, 0.01), Body(0, 12, 2, 1.8, 0, 0, 0.002)]
print(f"{energy(system):.9f}")
for _ in range(2000):
    advance(system, 0.001)
print(f"{energy(system):.9f} {system[1].x:.9f} {system[1].y:.9f}")
