"""Waiting threads overlap: eight sleeps of 0.1 s take much less than 0.8 s."""
import threading
import time

finished = []


def download(name):
    time.sleep(0.1)
    finished.append(name)


start = time.time()
threads = []
for i in range(8):
    thread = threading.Thread(target=download, args=(f"file{i}",))
    thread.start()
    threads.append(thread)
for thread in threads:
    thread.join()
elapsed = time.time() - start
print(sorted(finished))
print("overlapped:", 0.09 < elapsed < 0.7)
