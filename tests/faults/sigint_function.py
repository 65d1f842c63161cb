# The same inside calls, comprehensions and try blocks.
def work(n):
    try:
        return sum([i for i in range(n)])
    finally:
        pass


print("ready", flush=True)
while True:
    work(100)
