# A computation that only a signal ends.
print("ready", flush=True)
n = 0
while True:
    n += 1
