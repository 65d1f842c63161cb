# re.
import re
print(re.findall(r"(\w+)=(\d+)", "a=1, bc=22"), re.sub(r"(\d)", r"<\1>", "a1b2"), re.match(r"(?P<y>\d{4})-(\d\d)", "2024-05").groupdict(), re.split(r"[,;]\s*", "a, b;c"), re.search(r"b+", "aabbb").span(), re.compile("x", re.I).sub(lambda m: m.group() * 2, "xX"), bool(re.fullmatch(r"\w+@\w+\.com", "me@site.com")))
