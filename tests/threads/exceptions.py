# Exceptions in many threads: each ends its own thread, keeps its own traceback and context, and is freed.
import gc
import threading
import traceback
import weakref

caught = []
threading.excepthook = lambda args: caught.append((args.exc_type, str(args.exc_value), args.exc_traceback is not None, args.thread.name))


class Mine(Exception):
    pass


def deep(n, i):
    if n == 0:
        raise Mine(i)
    try:
        deep(n - 1, i)
    finally:
        n += 1


N = 200
threads = [threading.Thread(target=deep, args=(10, i), name=f"t{i}") for i in range(N)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(caught) == sorted((Mine, str(i), True, f"t{i}") for i in range(N)), caught[:3]

# One exception object, raised by many threads at once: it is one object, and its traceback is always a real one.
shared = Mine("shared")
problems = []


def raise_shared():
    for _ in range(300):
        try:
            raise shared
        except Mine as e:
            if e is not shared or e.args != ("shared",):
                problems.append(e)
            for frame, line in traceback.walk_tb(e.__traceback__):
                if frame.f_code.co_name not in ("raise_shared",):
                    problems.append(frame)
                break


threads = [threading.Thread(target=raise_shared) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not problems, problems[:3]

# Chained and grouped exceptions made in one thread, read and dropped in another.
class Load:
    pass


refs, box = [], []


def make(i):
    load = Load()
    refs.append(weakref.ref(load))
    try:
        try:
            raise KeyError(i)
        except KeyError as e:
            raise ExceptionGroup("g", [ValueError(i), Mine(load)]) from e
    except ExceptionGroup as g:
        box.append(g)


threads = [threading.Thread(target=make, args=(i,)) for i in range(50)]
for t in threads:
    t.start()
for t in threads:
    t.join()
for g in box:
    assert isinstance(g.__cause__, KeyError) and g.exceptions[0].args == g.__cause__.args
    assert "make" in "".join(traceback.format_exception(g))
del g
box.clear()
threads.clear()
del t
gc.collect()
gc.collect()
assert [r() for r in refs if r() is not None] == []
print("ok")
