ran = []
if __name__ == "__main__":
    ran.append("main")
else:
    ran.append("module")
counter = 0


def bump():
    global counter
    counter += 1


def __getattr__(name):
    if name == "dynamic":
        return "made by __getattr__"
    raise AttributeError(f"module has no {name}")
