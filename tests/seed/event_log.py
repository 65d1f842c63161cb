"""A publisher and subscribers with their own queues, daemon threads and an orderly end."""
import queue
import threading


class Bus:
    def __init__(self):
        self.subscribers = {}
        self.lock = threading.Lock()

    def subscribe(self, topic, name):
        q = queue.Queue()
        with self.lock:
            self.subscribers.setdefault(topic, {})[name] = q
        return q

    def publish(self, topic, message):
        with self.lock:
            targets = list(self.subscribers.get(topic, {}).values())
        for q in targets:
            q.put(message)
        return len(targets)


def listen(name, q, log):
    for message in iter(q.get, None):
        log.setdefault(name, []).append(message)


bus, log = Bus(), {}
listeners = []
for topic, name in (("news", "ann"), ("news", "bob"), ("sport", "bob2"), ("sport", "cid")):
    t = threading.Thread(target=listen, args=(name, bus.subscribe(topic, name), log), daemon=True)
    t.start()
    listeners.append(t)


def publish(topic, n):
    for i in range(n):
        bus.publish(topic, f"{topic} {i}")


publishers = [threading.Thread(target=publish, args=a) for a in (("news", 30), ("sport", 20), ("nobody", 5))]
for p in publishers:
    p.start()
for p in publishers:
    p.join()
for topic in ("news", "sport"):
    bus.publish(topic, None)
for t in listeners:
    t.join()
print({name: (len(messages), messages[0], messages[-1]) for name, messages in sorted(log.items())})
