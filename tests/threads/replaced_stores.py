# A large dict is replaced again and again, others are grown, shrunk and cleared now and then, while two threads read them:
# what the readers may still hold is bounded, so the process does not grow with the number of replacements. (Linux tells how
# large it was.)
import sys
import threading

REPLACEMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
ENTRIES = 1000
READERS = 2


def peak():
    """Most memory the process ever had, in KiB; None where the system does not tell."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


class Holder:
    pass


template = {i: (i, i) for i in range(ENTRIES)}
holder = Holder()
holder.table = dict(template)
grown, items = {}, []
stop = False
read = [0] * READERS


def reader(me):
    while not stop:
        table = holder.table
        for i in range(0, ENTRIES, 37):
            assert table[i] == (i, i)
        for key, value in list(grown.items()):
            assert value == (key, key)
        for item in items[:]:
            assert item[0] == item[1]
        read[me] += 1


def replace(times):
    for n in range(times):
        # Only the dict and its store are new; now and then its items too.
        holder.table = dict(template)
        if n % 100 == 0:
            holder.table = {i: (i, i) for i in range(ENTRIES)}
            for i in range(200):
                grown[i] = (i, i)
                items.append((i, i))
            for i in range(0, 200, 3):
                del grown[i]
            del items[50:150]
            grown.clear()
            items.clear()


threads = [threading.Thread(target=reader, args=(i,)) for i in range(READERS)]
for t in threads:
    t.start()
replace(max(200, REPLACEMENTS // 10))
# On a busy machine the readers may not have had their turn yet.
while not all(read):
    replace(1)
before = peak()
replace(REPLACEMENTS)
after = peak()
stop = True
for t in threads:
    t.join()
# Ten times as many replacements may not take more than half as much again, nor 24 MiB more.
if before is not None:
    assert after < max(before * 1.5, before + 24 * 1024), (before, after)
print("ok")
