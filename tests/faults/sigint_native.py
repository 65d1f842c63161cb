# One long native call.
print("ready", flush=True)
print(sum(range(10 ** 13)))
