# time.
import time
a, b = time.perf_counter(), time.monotonic()
time.sleep(0.02)
print(time.perf_counter() - a >= 0.02, time.monotonic() - b >= 0.02, time.time() > 1.6e9, isinstance(time.time_ns(), int), time.perf_counter_ns() > 0, time.process_time() > 0, time.thread_time() >= 0, time.gmtime(0).tm_year, time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(86400 * 365)))
for bad in (-1, "x"):
    try:
        time.sleep(bad)
    except Exception as e:
        print(type(e).__name__, e)
print(time.sleep(0), time.sleep(True and 0.0))
