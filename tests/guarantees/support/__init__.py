"""What the guarantee programs share: threads that start together, and errors that reach the main thread."""
import threading


def together(*jobs):
    """Runs each job in its own thread, all starting at once; returns their results, or raises the first error."""
    barrier = threading.Barrier(len(jobs))
    results, errors = [None] * len(jobs), []

    def body(i, job):
        try:
            barrier.wait()
            results[i] = job()
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=body, args=(i, job)) for i, job in enumerate(jobs)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results


def while_running(writer, *readers):
    """Calls each reader over and over, in threads of their own, until the writer returns."""
    done = threading.Event()

    def write():
        try:
            return writer()
        finally:
            done.set()

    def keep_reading(reader):
        def job():
            reader()
            while not done.is_set():
                reader()
        return job

    return together(write, *map(keep_reading, readers))[0]
