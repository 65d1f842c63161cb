# Every built-in name that programs rely on is there.
import builtins
expected = """ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BytesWarning ChildProcessError ConnectionError
DeprecationWarning EOFError Ellipsis EnvironmentError Exception False FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError
ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError
NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError ReferenceError
ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
__build_class__ __debug__ __import__ __name__ abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir
divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map
max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type
vars zip""".split()
print([name for name in expected if not hasattr(builtins, name)])
print(builtins.len is len, builtins.__name__, __builtins__ is builtins, len.__module__, int.__module__)
builtins.shared_everywhere = 5
print(shared_everywhere)
len = lambda x: "mine"
print(len([]), builtins.len([]))
del len
print(len([]))
