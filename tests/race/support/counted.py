"""A module that notes that it ran; slow enough that importing threads meet."""
import time

import support

finished = False
support.runs.append(1)
time.sleep(0.002)
finished = True
