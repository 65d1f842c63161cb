"""Waiting threads overlap: eight sleeps of 0.1 s take less than 0.7 s; on a machine too busy for that, longer ones do."""
import threading
import time

finished = []


def download(name, pause):
    time.sleep(pause)
    finished.append(name)


def sleep_together(pause):
    finished.clear()
    start = time.monotonic()
    threads = []
    for i in range(8):
        thread = threading.Thread(target=download, args=(f"file{i}", pause))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return time.monotonic() - start


for pause in (0.1, 1, 5):
    elapsed = sleep_together(pause)
    if elapsed < 7 * pause:
        break
print(sorted(finished))
print("overlapped:", 0.9 * pause < elapsed < 7 * pause)
