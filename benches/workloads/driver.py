# The measuring protocol, in the measured process. `lab` runs one plain program: a workload, then this file, then a call of `main`.
#
#   calibrate FAMILY SECONDS                 finds the n for which one sample lasts about SECONDS
#   single MODE N WARMUPS SAMPLES            MODE is lone, attached or busy
#   team THREADS N WARMUPS SAMPLES           THREADS threads share the work of one sample
#
# The answer is one line of JSON. Nothing that an interpreter may lack is needed: three modules, `print` and `str`.
#
# A single workload defines run(n). A team workload defines setup(n, threads), which makes what the threads share,
# work(shared, index, n, threads), which is one thread's part, and check(shared, parts), which is the checksum.
import sys
import time


def solo(n):
    """One sample on one thread: wall seconds, CPU seconds, checksum."""
    wall, cpu = time.perf_counter(), time.process_time()
    checksum = run(n)
    return time.perf_counter() - wall, time.process_time() - cpu, checksum


def team(n, threads):
    """One sample on `threads` threads, from the opening of the barrier to the last finish: wall, CPU, checksum."""
    import threading

    shared = setup(n, threads)
    opened = []
    parts = [None] * threads
    finished = [None] * threads

    def open_gate():
        opened.append((time.perf_counter(), time.process_time()))

    gate = threading.Barrier(threads, open_gate)

    def member(index):
        gate.wait()
        part = work(shared, index, n, threads)
        finished[index] = (time.perf_counter(), time.process_time())
        parts[index] = part

    members = [threading.Thread(target=member, args=(index,)) for index in range(threads)]
    for thread in members:
        thread.start()
    for thread in members:
        thread.join()
    if None in finished:
        raise RuntimeError("a thread of the workload died")
    wall, cpu = opened[0]
    return max(wall for wall, cpu in finished) - wall, max(cpu for wall, cpu in finished) - cpu, check(shared, parts)


latest = None


def seconds(n, threads):
    """The wall seconds of one sample, on one thread alone if `threads` is 0: what an in-process benchmark asks for."""
    global latest
    wall, cpu, latest = team(n, threads) if threads else solo(n)
    return wall


def latest_checksum():
    return latest


class Neighbour:
    """What the second thread of the modes `attached` and `busy` shares with the benchmark."""

    def __init__(self, subject):
        self.subject = subject
        self.beats = 0
        self.leave = False


def attend(neighbour):
    """Wakes each millisecond and touches objects that the benchmark uses: its function and their common notebook."""
    while not neighbour.leave:
        time.sleep(0.001)
        subject = neighbour.subject
        neighbour.beats += len(subject.__name__)


def compute(neighbour):
    """Computes on private data until told to leave."""
    total = 0
    while not neighbour.leave:
        for i in range(1000):
            total = (total * 31 + i) & 0xFFFF


def single(mode, n, warmups, samples):
    neighbour = Neighbour(run)
    second = None
    if mode != "lone":
        import threading

        target = {"attached": attend, "busy": compute}[mode]
        second = threading.Thread(target=target, args=(neighbour,))
        second.start()
    try:
        return take(lambda: solo(n), warmups, samples)
    finally:
        neighbour.leave = True
        if second is not None:
            second.join()


def take(sample, warmups, samples):
    """Runs the warm-ups, then the samples; every checksum must be the first one."""
    cold = [sample() for _ in range(warmups)]
    warm = [sample() for _ in range(samples)]
    checksum = warm[0][2]
    for _, _, other in cold + warm:
        if other != checksum:
            raise RuntimeError("checksums differ within one process: " + repr(checksum) + " and " + repr(other))
    return warm, checksum


def calibrate(sample, seconds):
    """Doubles n until a sample is long enough to be scaled to `seconds`."""
    n = 1
    while True:
        wall = sample(n)[0]
        if wall >= seconds * 0.4 or n >= 1 << 40:
            break
        n *= 2
    wall = min(wall, sample(n)[0])
    return max(1, int(n * seconds / wall))


def peak_kib():
    """The largest resident size so far; 0 where the system or the interpreter cannot tell.

    What the parent is told at the end is no substitute: it counts the parent's own memory at the start of the child."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except Exception:
        pass
    return 0


def main(argv):
    if argv[1] == "calibrate":
        sample = solo if argv[2] == "single" else lambda n: team(n, 1)
        print('{"n": ' + str(calibrate(sample, float(argv[3]))) + "}")
        return
    n, warmups, samples = int(argv[3]), int(argv[4]), int(argv[5])
    if argv[1] == "single":
        warm, checksum = single(argv[2], n, warmups, samples)
    else:
        threads = int(argv[2])
        warm, checksum = take(lambda: team(n, threads), warmups, samples)
    walls = [wall for wall, cpu, checksum in warm]
    cpus = [cpu for wall, cpu, checksum in warm]
    answer = '{"wall": ' + str(walls) + ', "cpu": ' + str(cpus) + ', "checksum": "' + repr(checksum) + '"'
    print(answer + ', "peak_kib": ' + str(peak_kib()) + "}")
