# status: 1
# sys.exit with text prints it to the error stream.
import sys
print("before")
sys.exit("fatal: no input")
