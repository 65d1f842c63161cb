# A small operating system in the manner of the Richards benchmark: a scheduler runs tasks of different classes that
# send packets to each other. Polymorphic calls, attribute traffic, linked queues.
class Packet:
    def __init__(self, link, kind, value):
        self.link = link
        self.kind = kind
        self.value = value
        self.receiver = None


class Task:
    def __init__(self, name, priority):
        self.name = name
        self.priority = priority
        self.inbox = []
        self.runs = 0

    def ready(self):
        return bool(self.inbox)

    def run(self, system):
        self.runs += 1
        self.handle(system, self.inbox.pop(0))

    def handle(self, system, packet):
        raise NotImplementedError


class Worker(Task):
    def __init__(self, name, priority, devices):
        super().__init__(name, priority)
        self.devices = devices
        self.turn = 0

    def handle(self, system, packet):
        self.turn += 1
        packet.value = (packet.value * 7 + self.turn) % 1009
        system.send(packet, self.devices[self.turn % len(self.devices)])


class Device(Task):
    def __init__(self, name, priority):
        super().__init__(name, priority)
        self.total = 0

    def handle(self, system, packet):
        self.total += packet.value
        packet.kind = 1 - packet.kind
        system.send(packet, "handler")


class Handler(Task):
    def __init__(self, name, priority):
        super().__init__(name, priority)
        self.held = None
        self.length = 0

    def handle(self, system, packet):
        if packet.kind:
            packet.link = self.held
            self.held = packet
            self.length += 1
            if self.length == 3:
                while self.held is not None:
                    packet = self.held
                    self.held = packet.link
                    system.send(packet, "worker")
                self.length = 0
        else:
            system.send(packet, "worker")


class System:
    def __init__(self):
        self.tasks = [
            Worker("worker", 3, ["disk", "line", "clock"]),
            Handler("handler", 2),
            Device("disk", 1),
            Device("line", 1),
            Device("clock", 0),
        ]
        self.by_name = {task.name: task for task in self.tasks}
        self.sent = 0

    def send(self, packet, name):
        packet.receiver = name
        self.sent += 1
        self.by_name[name].inbox.append(packet)

    def schedule(self, steps):
        for _ in range(steps):
            best = None
            for task in self.tasks:
                if task.ready() and (best is None or task.priority > best.priority):
                    best = task
            if best is None:
                return
            best.run(self)


def run(n):
    system = System()
    for i in range(6):
        system.send(Packet(None, i % 2, i), "worker")
    system.schedule(n * 10)
    total = system.sent
    for task in system.tasks:
        total = (total * 31 + task.runs) % 1000003
        if isinstance(task, Device):
            total = (total * 31 + task.total) % 1000003
    return total
