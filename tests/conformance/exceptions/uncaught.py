# status: 1
# An uncaught exception through several functions and a method.
def parse(text):
    return int(text)


class Reader:
    def read(self, items):
        return [parse(item) for item in items]


def main():
    reader = Reader()
    print("reading")
    total = sum(reader.read(["1", "2"]))
    print(total)
    reader.read(["3", "x"])


main()
