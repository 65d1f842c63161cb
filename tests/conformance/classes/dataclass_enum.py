# dataclasses and enum, which real programs use everywhere.
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto


@dataclass(order=True)
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class F:
    a: int


p = P(1)
p.tags.append("t")
print(p, P(1) == P(1, 0), P(1) < P(2), P(3, y=4).y, F(1), hash(F(1)) == hash(F(1)), P(2).tags)
try:
    F(1).a = 2
except Exception as e:
    print(type(e).__name__, e)
try:
    P()
except TypeError as e:
    print(e)


class Color(Enum):
    RED = 1
    GREEN = auto()

    def hot(self):
        return self is Color.RED


class Level(IntEnum):
    LOW = 1
    HIGH = 2


print(Color.RED, repr(Color.GREEN), Color(1), Color["RED"], Color.RED.name, Color.GREEN.value, list(Color), Color.RED.hot(), Color.RED is Color(1), len(Color), {Color.RED: 1}[Color.RED], Level.LOW < Level.HIGH, Level.HIGH + 1, Color.RED in Color)
try:
    Color(9)
except ValueError as e:
    print(e)
