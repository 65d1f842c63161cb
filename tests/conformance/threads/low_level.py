# _thread: start_new_thread, allocate_lock, get_ident, exit, interrupt.
import _thread
import time
done = _thread.allocate_lock()
done.acquire()
out = []


def work(a, k=None):
    out.append((a, k, _thread.get_ident() != main))
    done.release()
    _thread.exit()


main = _thread.get_ident()
ident = _thread.start_new_thread(work, (1,), {"k": 2})
done.acquire()
print(out, isinstance(ident, int), _thread.LockType is type(done), issubclass(_thread.error, RuntimeError), _thread.TIMEOUT_MAX > 1e6)
for f in (lambda: _thread.start_new_thread(5, ()), lambda: _thread.start_new_thread(work, 5), lambda: _thread.start_new_thread(work, (), 5)):
    try:
        f()
    except TypeError as e:
        print(e)
try:
    _thread.interrupt_main()
    for _ in range(1000):
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted")
