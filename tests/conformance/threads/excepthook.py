# threading.excepthook replaces the report.
import threading


def hook(args):
    print("hook:", args.exc_type.__name__, args.exc_value, args.thread.name, args.exc_traceback is not None)


def boom():
    raise RuntimeError("boom")


threading.excepthook = hook
t = threading.Thread(target=boom, name="T")
t.start()
t.join()
threading.excepthook = threading.__excepthook__
print("restored", t.is_alive())


def quiet():
    try:
        boom()
    except RuntimeError as e:
        caught.append(str(e))


caught = []
t = threading.Thread(target=quiet)
t.start()
t.join()
print(caught)
