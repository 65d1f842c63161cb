def match(x, y):
    match x:
        case 0 | 1:
            return "small"
        case "s" if y:
            return "s"
        case [a, _, *rest]:
            return a, rest
        case {"k": v, **others}:
            return v, others
        case Point(0, y=int(b) as whole):
            return b, whole
        case (1, q) | [q, 2]:
            return q
        case None | True:
            pass
        case other:
            return other
    match y.z:
        case color.RED:
            return 1
