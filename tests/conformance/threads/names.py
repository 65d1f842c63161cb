# Names, current_thread, main_thread, enumerate, active_count, repr.
import threading
main = threading.main_thread()
print(main.name, threading.current_thread() is main, threading.active_count(), threading.enumerate() == [main], main.is_alive(), main.daemon, threading.get_ident() == main.ident, isinstance(threading.get_native_id(), int))
gate = threading.Event()
seen = []


def show():
    t = threading.current_thread()
    seen.append((t.name, threading.current_thread() is t, t.ident == threading.get_ident()))
    gate.wait()


a = threading.Thread(target=show)
b = threading.Thread(target=show, name="custom", daemon=True)
c = threading.Thread(target=lambda: gate.wait())
print(repr(a), repr(b), a.name, c.name)
for t in (a, b, c):
    t.start()
print(threading.active_count(), sorted(t.name for t in threading.enumerate()), repr(a).replace(str(a.ident), "ID"), repr(b).replace(str(b.ident), "ID"), repr(main).replace(str(main.ident), "ID"))
gate.set()
for t in (a, b, c):
    t.join()
print(sorted(seen), threading.active_count(), repr(a).replace(str(a.ident), "ID"), len({a.ident, b.ident, main.ident}) >= 2)
a.name = "renamed"
print(a.name, b.daemon)
try:
    b.daemon = False
    print(b.daemon)
except RuntimeError as e:
    print(e)
try:
    threading.current_thread().daemon = True
except RuntimeError as e:
    print(e)
