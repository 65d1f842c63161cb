import threading
import time
t = threading.Thread(target=time.sleep, args=(1000,), daemon=True)
t.start()
print("ready", flush=True)
t.join()
