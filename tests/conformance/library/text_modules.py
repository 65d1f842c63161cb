# string and textwrap.
import string
import textwrap
print(string.ascii_lowercase[:5], string.digits, string.Template("$a-$b").substitute(a=1, b=2), textwrap.fill("the quick brown fox jumps", 10), textwrap.dedent("  a\n  b"))
