# status: 44
# Only the low eight bits of the status reach the parent; exit() and quit() are there; atexit runs.
import atexit
atexit.register(print, "atexit", "handler")
print("body")
exit(300)
