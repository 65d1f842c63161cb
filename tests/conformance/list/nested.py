# Lists of lists, copies and aliases.
grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
alias = [[0] * 2] * 2
alias[0][0] = 1
print(grid, alias, alias[0] is alias[1])
shallow = grid[:]
shallow[0][0] = 9
shallow.append([1])
print(grid, shallow)
print([list(row) for row in zip(*grid)], [x for row in grid for x in row], sum(grid, []), list(map(sum, grid)), [row[:] for row in grid] == grid)
matrix = [[i * j for j in range(1, 4)] for i in range(1, 4)]
for row in matrix:
    print(" ".join(f"{x:3}" for x in row))
print(matrix[1][2], matrix[-1][-1], [row[0] for row in matrix], [matrix[i][i] for i in range(3)])
matrix[0], matrix[2] = matrix[2], matrix[0]
matrix[1][0], matrix[1][2] = matrix[1][2], matrix[1][0]
print(matrix)
stack, queue = [], [1, 2, 3]
stack.append(queue.pop(0))
stack.append(queue.pop(0))
print(stack, queue, stack.pop(), stack)
a = [1, 2, 3]
b = a
b.append(4)
a = a + [5]
print(a, b)
del a[1], b[0]
print(a, b)
