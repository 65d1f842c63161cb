# The itertools that programs use most.
import itertools as it
print(list(it.chain([1], "ab", (2,))), list(it.chain.from_iterable([[1], [2, 3]])), list(it.islice(it.count(5), 3)), list(it.islice("abcdef", 1, 5, 2)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat(7, 3)), list(it.zip_longest("ab", [1], fillvalue="-")))
print(list(it.accumulate([1, 2, 3, 4])), list(it.accumulate([3, 1, 2], max)), list(it.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(it.dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(it.filterfalse(None, [0, 1, ""])), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.compress("abc", [1, 0, 1])), list(it.pairwise("abc")))
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)), list(it.batched("abcde", 2)))
for key, group in it.groupby(["apple", "avocado", "bean", "corn", "cake"], key=lambda w: w[0]):
    print(key, list(group))
a, b = it.tee([1, 2, 3])
print(next(a), list(b), list(a), next(it.count(2.5, 0.5)), list(it.islice(it.count(10, -3), 3)))
