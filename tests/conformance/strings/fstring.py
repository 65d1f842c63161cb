# f-strings: conversions, nesting, =, quotes, specifications.
x, name, items, d = 42, "Al", [1, 2], {"k": "v"}
print(f"{x} {name!r} {items} {d['k']} {x + 1} {name.upper()} {'in' 'ner'} {x:>5}|{x:<5}| {3.14159:.2f} {{}} {{{x}}}")
print(f"{x=} {x = } {name=} {x + 1=} {name=!s} {x=:>5} {items[0]=} {d=}")
print(f"{x:{5}} {x:{'>'}{6}} {3.14159:{8}.{2}} {x!r:^{len(name) + 4}}", f"{f'{f"{x}"}'}", f"{'a' if x else 'b'}", f"{(lambda v: v * 2)(4)}", f"{[i for i in range(3)]}", f"{ {1: 2}[1] }")
print(f"a" "b" f"{x}" "{x}", f"{x}{name}", f"", f"{'\n'.join(['p', 'q'])}", rf"\d{x}", f"""multi
{x
 + 1}
line""", F"{x!a}", f"{'é'!a}", f"{x:#x}", f"{x:,}", f"{True:d}")
print(f"{(y := 5)} {y}", f"{x if x > 1 else 'no'}", f"{x!s:>6}", f'{d["k"]}', f"{'{'}{'}'}", f"{x:}", f"{1,}", f"{*items,}", f"{x:{'0' + '5'}}", f"{None} {...}")


def f(n):
    return f"{n}" + (f(n - 1) if n else "")


print(f(4))


class P:
    def __repr__(self):
        return "repr"

    def __str__(self):
        return "str"


print(f"{P()} {P()!r} {P()!s} {P()=} {P()=!s} {[P()]}")
for g in (lambda: f"{1:q}", lambda: f"{undefined}", lambda: f"{1 / 0}", lambda: f"{'a':d}"):
    try:
        print(g())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
