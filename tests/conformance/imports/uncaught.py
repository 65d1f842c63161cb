# status: 1
# An error while importing: the traceback shows both files.
import failing.raises
