"""Rows of a matrix product computed by threads."""
import threading

N = 40
a = [[(i * j) % 7 - 3 for j in range(N)] for i in range(N)]
b = [[(i + j) % 5 - 2 for j in range(N)] for i in range(N)]
c = [[0] * N for _ in range(N)]


def rows(first, step):
    for i in range(first, N, step):
        row, out = a[i], c[i]
        for j in range(N):
            s = 0
            for k in range(N):
                s += row[k] * b[k][j]
            out[j] = s


threads = [threading.Thread(target=rows, args=(t, 4)) for t in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
expected = [[sum(a[i][k] * b[k][j] for k in range(N)) for j in range(N)] for i in range(N)]
print(c == expected, sum(map(sum, c)), c[3][:5], [c[i][i] for i in range(5)])
