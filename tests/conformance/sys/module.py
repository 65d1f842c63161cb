# The parts of sys that programs look at.
import sys
print(sys.version_info[0], sys.version_info >= (3, 13), sys.maxsize == 2 ** 63 - 1, sys.byteorder, sys.getrecursionlimit(), sys.getswitchinterval(), sys.platform, sys.maxunicode == 0x10FFFF, sys.getdefaultencoding(), type(sys.argv).__name__, sys.flags.optimize, sys.float_info.max, sys.float_info.epsilon, sys.int_info.bits_per_digit > 0)
sys.setswitchinterval(0.001)
print(round(sys.getswitchinterval(), 6))
for bad in (0, -1, "a"):
    try:
        sys.setswitchinterval(bad)
    except Exception as e:
        print(type(e).__name__, e)
print(isinstance(sys._is_gil_enabled(), bool), sys.intern("abc") is sys.intern("ab" + "c"), "sys" in sys.modules, sys.modules["sys"] is sys, sys.stdin.fileno(), sys.stdout.fileno(), sys.stderr.fileno(), sys.executable != "", callable(sys.exit), sys.getsizeof([]) > 0, sys.hash_info.modulus == 2 ** 61 - 1, sys.implementation.version[0])


def f():
    frame = sys._getframe()
    return frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_lineno


print(f())
