# Every thread reads attributes of one shared instance.
class Settings:
    def __init__(self):
        self.width = 3
        self.height = 4


def setup(n, threads):
    return Settings()


def work(settings, index, n, threads):
    total = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        total += settings.width
        total -= settings.height
    return total


def check(shared, parts):
    return sum(parts)
