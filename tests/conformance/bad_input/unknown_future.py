# status: 1
from __future__ import nonsense
