print("importing", __name__)
KIND = "round"


def area(r):
    return 3 * r * r
