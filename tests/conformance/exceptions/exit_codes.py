# status: 3
# sys.exit runs finally blocks and ends with its code.
import sys
try:
    sys.exit("text")
except SystemExit as e:
    print(repr(e.code))
try:
    sys.exit()
except SystemExit as e:
    print(e.code)
try:
    sys.exit(3)
finally:
    print("cleanup")
