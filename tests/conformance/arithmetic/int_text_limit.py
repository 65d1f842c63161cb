# Text of more than 4300 digits is refused.
import sys
print(sys.get_int_max_str_digits())
print(len(str(10 ** 4299)))
for f in (lambda: str(10 ** 4300), lambda: int("1" * 4301), lambda: f"{10 ** 5000}"):
    try:
        print(len(f()))
    except ValueError as e:
        print(e)
print(len(hex(10 ** 5000)))
