# Functions with many locals, parameters, constants and deep expressions.
source = "def f(" + ", ".join(f"a{i}={i}" for i in range(300)) + "):\n"
source += "".join(f"    v{i} = a{i} + {1000 + i}\n" for i in range(300))
source += "    return [" + ", ".join(f"v{i}" for i in range(300)) + "]\n"
space = {}
exec(source, space)
print(sum(space["f"]()), space["f"](5)[0], space["f"](a299=0)[299], len(space["f"](*range(300))))
expression = "+".join(str(i) for i in range(2000))
print(eval(expression), eval("(" * 50 + "1" + ")" * 50), len(eval("[" + ",".join(str(i * 1000003) for i in range(3000)) + "]")))
print(eval("{" + ",".join(f"'{i}':{i}" for i in range(1000)) + "}")["777"], eval("f(" + ",".join("1" for _ in range(300)) + ")", {"f": lambda *a: len(a)}))
branches = "def g(x):\n" + "".join(f"    {'el' if i else ''}if x == {i}:\n        return 'r{i}'\n" for i in range(400)) + "    return None\n"
exec(branches, space)
print(space["g"](0), space["g"](399), space["g"](400))
loop = "total = 0\nfor i in range(3):\n" + "".join(f"    total += {i}\n" for i in range(3000))
exec(loop, space)
print(space["total"])
strings = "x = [" + ", ".join(f"'s{i}'" for i in range(5000)) + "]\n"
exec(strings, space)
print(len(set(space["x"])), space["x"][-1])
