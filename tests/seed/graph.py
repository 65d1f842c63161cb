"""Shortest paths, topological order and components in graphs."""
import heapq
from collections import deque

roads = {"a": {"b": 7, "c": 3}, "b": {"d": 2}, "c": {"b": 1, "d": 8, "e": 2}, "d": {"f": 5}, "e": {"d": 3, "f": 9}, "f": {}}


def dijkstra(graph, start):
    dist, queue = {start: 0}, [(0, start, [start])]
    paths = {}
    while queue:
        d, node, path = heapq.heappop(queue)
        if node in paths:
            continue
        paths[node] = path
        for neighbour, weight in graph[node].items():
            if d + weight < dist.get(neighbour, float("inf")):
                dist[neighbour] = d + weight
                heapq.heappush(queue, (d + weight, neighbour, path + [neighbour]))
    return dist, paths


def bfs(graph, start):
    seen, queue, order = {start}, deque([start]), []
    while queue:
        node = queue.popleft()
        order.append(node)
        for n in sorted(graph[node]):
            if n not in seen:
                seen.add(n)
                queue.append(n)
    return order


def topological(graph):
    state, out = {}, []

    def visit(n):
        if state.get(n) == "open":
            raise ValueError(f"cycle at {n}")
        if n not in state:
            state[n] = "open"
            for m in sorted(graph[n]):
                visit(m)
            state[n] = "done"
            out.append(n)
    for n in sorted(graph):
        visit(n)
    return out[::-1]


dist, paths = dijkstra(roads, "a")
print(dist)
for node in sorted(paths):
    print(node, "->".join(paths[node]))
print(bfs(roads, "a"), topological(roads))
roads["f"]["a"] = 1
try:
    topological(roads)
except ValueError as e:
    print(e)
