# A thousand threads alive at the same time, each with a frame, locals and objects of its own.
import threading

N = 1000
gate = threading.Event()
lock = threading.Lock()
alive = 0
most = 0
done = []
failed = []


def body(i):
    global alive, most
    mine = [i, str(i), {i: i}]
    with lock:
        alive += 1
        most = max(most, alive)
    gate.wait()
    with lock:
        alive -= 1
    if mine != [i, str(i), {i: i}]:
        failed.append(i)
    done.append(i)


threads = [threading.Thread(target=body, args=(i,)) for i in range(N)]
for t in threads:
    t.start()
assert threading.active_count() == N + 1
while most < N:
    gate.wait(0.01)
gate.set()
for t in threads:
    t.join()
assert most == N and not failed
assert sorted(done) == list(range(N))
assert threading.active_count() == 1
print("ok")
