# The last flush fails: the reader went away before it.
import sys
sys.stdin.readline()
print("too late")
