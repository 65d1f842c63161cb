# Spheres seen by rays: vectors as small immutable instances with operator methods, floats all the way.
from math import sqrt


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / sqrt(self.dot(self)))


class Sphere:
    def __init__(self, centre, radius, shade):
        self.centre = centre
        self.radius = radius
        self.shade = shade

    def distance(self, origin, direction):
        offset = origin - self.centre
        b = offset.dot(direction)
        root = b * b - offset.dot(offset) + self.radius * self.radius
        if root < 0.0:
            return None
        near = -b - sqrt(root)
        return near if near > 0.001 else None


SCENE = [
    Sphere(Vector(0.0, 0.0, 5.0), 1.0, 0.9),
    Sphere(Vector(1.5, 0.5, 4.0), 0.5, 0.6),
    Sphere(Vector(0.0, -101.0, 5.0), 100.0, 0.4),
]
LIGHT = Vector(-1.0, 2.0, -1.0).unit()
EYE = Vector(0.0, 0.0, 0.0)


def trace(origin, direction, depth):
    nearest = None
    hit = None
    for sphere in SCENE:
        distance = sphere.distance(origin, direction)
        if distance is not None and (nearest is None or distance < nearest):
            nearest = distance
            hit = sphere
    if hit is None:
        return 0.1
    point = origin + direction * nearest
    normal = (point - hit.centre).unit()
    light = max(0.0, normal.dot(LIGHT)) * hit.shade
    if depth:
        mirrored = direction - normal * (2.0 * normal.dot(direction))
        light = 0.8 * light + 0.2 * trace(point, mirrored, depth - 1)
    return light


def run(n):
    total = 0.0
    for i in range(n):
        direction = Vector((i * 7 % 40 - 20) / 20.0, (i * 3 % 30 - 15) / 20.0, 1.0).unit()
        total += trace(EYE, direction, 2)
    return total
