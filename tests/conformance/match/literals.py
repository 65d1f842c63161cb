# match: literals, or, guards, capture, wildcard, fall through.
def f(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2:
            return "small"
        case -1 | 1.5:
            return "special"
        case "a" | "b":
            return "letter"
        case True:
            return "never: True == 1"
        case None:
            return "none"
        case b"x":
            return "bytes"
        case 3 + 4j:
            return "complex"
        case int() if x > 100:
            return "big"
        case n if n == 50:
            return f"fifty {n}"
        case _:
            return "other"


for x in (0, 1, 2, True, False, -1, 1.5, "a", "c", None, b"x", 101, 50, 7, [], 0.0, 2 ** 70):
    print(repr(x), f(x))


def none_matches(x):
    match x:
        case 5:
            return 1
    return "fell through"


print(none_matches(6), none_matches(5))
match 10:
    case x:
        print("captured", x)
print(x)


def soft():
    match = 1
    case = 2
    type = 3
    _ = 4
    return match + case + type + _


print(soft())


class Codes:
    OK = 200
    LOST = 404


def value(x):
    match x:
        case Codes.OK:
            return "ok"
        case Codes.LOST | 405:
            return "lost"
        case str(s) | (bytes() as s):
            return "text", s


print(value(200), value(404), value(405), value("s"), value(b"b"), value(1))


def guard_effects(x):
    log = []
    match x:
        case n if log.append("first") or n < 0:
            pass
        case n if log.append("second") or n < 10:
            log.append(n)
    return log


print(guard_effects(5), guard_effects(-5), guard_effects(50))
