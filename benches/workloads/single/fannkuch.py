# Pancake flipping over all permutations of six: list indexing, slices and in-place reversal.
SIZE = 6


def pancakes():
    order = list(range(SIZE))
    count = [0] * SIZE
    most = 0
    checksum = 0
    sign = 1
    while True:
        first = order[0]
        if first:
            stack = order[:]
            flips = 0
            while first:
                stack[: first + 1] = stack[first::-1]
                flips += 1
                first = stack[0]
            if flips > most:
                most = flips
            checksum += sign * flips
        # The next permutation in the order of rotations of ever longer prefixes.
        sign = -sign
        depth = 1
        while True:
            if depth == SIZE:
                return checksum * 100 + most
            order.insert(depth, order.pop(0))
            count[depth] += 1
            if count[depth] <= depth:
                break
            count[depth] = 0
            depth += 1


def run(n):
    total = 0
    for _ in range(n):
        total += pancakes()
    return total
