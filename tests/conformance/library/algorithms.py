# operator, copy, heapq, bisect.
import bisect
import copy
import heapq
import operator
print(operator.itemgetter(1, 0)("ab"), operator.attrgetter("real")(5), operator.add(1, 2), sorted([(1, "b"), (0, "c")], key=operator.itemgetter(1)))
nested = [[1], {"k": [2]}]
deep, shallow = copy.deepcopy(nested), copy.copy(nested)
nested[0].append(9)
print(deep, shallow)
h = [5, 1, 4]
heapq.heapify(h)
heapq.heappush(h, 0)
print(heapq.heappop(h), heapq.heappop(h), heapq.nlargest(2, [1, 5, 3]), bisect.bisect([1, 3, 5], 3), bisect.bisect_left([1, 3, 5], 3))
