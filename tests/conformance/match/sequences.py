# Sequence patterns.
def f(x):
    match x:
        case []:
            return "empty"
        case [1]:
            return "one"
        case [a]:
            return f"single {a}"
        case ["go", direction]:
            return f"go {direction}"
        case ["go", *rest]:
            return f"go many {rest}"
        case [first, *_, last] if first == last:
            return f"same ends {first}"
        case (int(a), int(b)):
            return f"ints {a} {b}"
        case [[a, b], c]:
            return f"nested {a} {b} {c}"
        case [_, _, *others]:
            return f"two and {others}"
        case _:
            return "none"


for x in ([], (), [1], [2], ["go", "n"], ["go", 1, 2], [5, 6, 5], (1, 2), [[1, 2], 3], [1, 2, 3, 4], "ab", b"ab", {1, 2}, {"a": 1}, range(2), 5, None, ["go"], [[], []], iter([1])):
    print(repr(x)[:20], f(x))


def star(x):
    match x:
        case [*all_]:
            return all_


def middle(x):
    match x:
        case [a, *m, z]:
            return a, m, z
        case a, :
            return "one", a


print(star((1, 2)), star([]), middle([1, 2, 3, 4]), middle((1, 2)), middle([9]))
from collections import deque
print(f(deque([1])), star(deque([1, 2])))


class Seq(list):
    pass


print(f(Seq([1])))


def command(text):
    match text.split():
        case ["quit" | "exit"]:
            return "bye"
        case ["load", name] | ["open", name]:
            return f"loading {name}"
        case ["drop", *items]:
            return f"dropping {len(items)}"
        case [("north" | "south") as d]:
            return f"walk {d}"
        case [unknown, *_]:
            return f"unknown {unknown}"
        case []:
            return "silence"


for text in ("quit", "exit", "load f", "open g", "drop a b", "north", "dance now", ""):
    print(command(text))
