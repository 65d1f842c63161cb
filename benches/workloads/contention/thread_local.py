# Every thread reads and writes its own value in one shared `threading.local`.
import threading


def setup(n, threads):
    return threading.local()


def work(local, index, n, threads):
    local.value = 0
    for _ in range(n * 10 * (index + 1) // threads - n * 10 * index // threads):
        local.value += 1
    return local.value


def check(local, parts):
    return sum(parts)
