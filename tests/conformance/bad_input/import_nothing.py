# status: 1
from os import
