"""Map and reduce: each thread counts the words of its part, the main thread merges."""
import threading

text = """the quick brown fox jumps over the lazy dog
a dog and a fox met under the tree; the tree was old
over and over the fox jumps, and the dog sleeps""".replace(";", "").replace(",", "")
lines = text.splitlines() * 40


class Counter(threading.Thread):
    def __init__(self, part):
        threading.Thread.__init__(self)
        self.part = part
        self.counts = {}

    def run(self):
        for line in self.part:
            for word in line.split():
                self.counts[word] = self.counts.get(word, 0) + 1


workers = [Counter(lines[i::4]) for i in range(4)]
for w in workers:
    w.start()
total = {}
for w in workers:
    w.join()
    for word, n in w.counts.items():
        total[word] = total.get(word, 0) + n
for word, n in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:8]:
    print(f"{word:<8}{n:>5}  {'*' * (n // 40)}")
