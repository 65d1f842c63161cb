# Complete binary trees built, counted and dropped: recursion and objects that live for very different times.
class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def grow(depth):
    if depth == 0:
        return Node(None, None)
    return Node(grow(depth - 1), grow(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def run(n):
    old = grow(9)
    total = 0
    for i in range(n):
        total += count(grow(4 + i % 3))
    return total + count(old)
