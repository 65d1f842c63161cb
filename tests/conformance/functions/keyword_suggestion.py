# A mistyped keyword gets a suggestion.
def f(first, second=2):
    pass


for call in (lambda: f(1, secnd=3), lambda: f(frst=1), lambda: f(1, zzzzz=3)):
    try:
        call()
    except TypeError as e:
        print(e)
