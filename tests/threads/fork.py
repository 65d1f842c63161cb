# fork from a threaded program, while the others compute, allocate, collect and hold locks: the child has one thread,
# whole objects, and can do everything.
import gc
import os
import threading
import time
import traceback

stop = False
lock = threading.Lock()
shared = [[i, {"i": i}] for i in range(100)]
local = threading.local()
local.name = "main"


def computes():
    while not stop:
        sum(range(100))


def allocates():
    while not stop:
        shared[hash(str(len(shared))) % 100] = [5, {"i": 5}]


def locks():
    while not stop:
        with lock:
            time.sleep(0.0001)


def collects():
    while not stop:
        gc.collect()
        time.sleep(0.001)


def child():
    assert threading.active_count() == 1
    assert threading.current_thread() is threading.main_thread()
    assert local.name == "main"
    for n, d in shared:
        assert d["i"] == n
    gc.collect()
    results = []

    def work(i):
        cycle = [i]
        cycle.append(cycle)
        local.name = i
        results.append((i, local.name))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert sorted(results) == [(i, i) for i in range(8)]
    gc.collect()
    # A lock that another thread of the parent may hold cannot be waited for; a new one can.
    mine = threading.Lock()
    with mine:
        pass
    pid = os.fork()
    if pid == 0:
        os._exit(6)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 6
    return 7


threads = [threading.Thread(target=f) for f in (computes, allocates, locks, collects)]
for t in threads:
    t.start()
for round in range(15):
    time.sleep(0.002)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = child()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 7, (round, status)
stop = True
for t in threads:
    t.join()
print("ok")
