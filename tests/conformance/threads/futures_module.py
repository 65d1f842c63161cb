# concurrent.futures.ThreadPoolExecutor.
from concurrent.futures import ThreadPoolExecutor, as_completed, wait


def square(x):
    if x == 7:
        raise ValueError("seven")
    return x * x


with ThreadPoolExecutor(max_workers=3) as pool:
    print(list(pool.map(square, range(6))))
    futures = [pool.submit(square, i) for i in (2, 7, 4)]
    done, not_done = wait(futures)
    print(len(done), len(not_done), futures[0].result(), repr(futures[1].exception()), futures[2].done())
    print(sorted(f.result() for f in as_completed(futures) if not f.exception()))
    try:
        futures[1].result()
    except ValueError as e:
        print(e)
try:
    pool.submit(square, 1)
except RuntimeError as e:
    print(e)
