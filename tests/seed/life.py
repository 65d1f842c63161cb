"""Conway's game of life: four threads, one barrier a generation."""
import threading

H, W, GENERATIONS, THREADS = 24, 40, 30, 4
start = {(1, 2), (2, 3), (3, 1), (3, 2), (3, 3), (10, 20), (10, 21), (10, 22), (15, 30), (15, 31), (16, 30), (16, 31)}
grid = [[1 if (r, c) in start else 0 for c in range(W)] for r in range(H)]
fresh = [[0] * W for _ in range(H)]


def swap():
    global grid, fresh
    grid, fresh = fresh, grid


barrier = threading.Barrier(THREADS, action=swap)


def neighbours(r, c):
    return sum(grid[(r + dr) % H][(c + dc) % W] for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc)


def worker(me):
    for _ in range(GENERATIONS):
        for r in range(me, H, THREADS):
            for c in range(W):
                n = neighbours(r, c)
                fresh[r][c] = 1 if n == 3 or (n == 2 and grid[r][c]) else 0
        barrier.wait()


threads = [threading.Thread(target=worker, args=(i,)) for i in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("\n".join("".join(".#"[cell] for cell in row).rstrip(".") for row in grid).strip("\n"))
print(sum(map(sum, grid)), "alive")
