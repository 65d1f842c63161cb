"""Merge sort that starts threads for the upper levels."""
import threading


def merge(a, b):
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def merge_sort(xs, depth=0):
    if len(xs) <= 1:
        return xs
    middle = len(xs) // 2
    if depth >= 3:
        return merge(merge_sort(xs[:middle], depth), merge_sort(xs[middle:], depth))
    left = []
    t = threading.Thread(target=lambda: left.extend(merge_sort(xs[:middle], depth + 1)))
    t.start()
    right = merge_sort(xs[middle:], depth + 1)
    t.join()
    return merge(left, right)


data = [(i * 7919 + 13) % 10007 for i in range(6000)]
result = merge_sort(data)
print(result == sorted(data), result[:5], result[-5:])
