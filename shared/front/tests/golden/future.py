from __future__ import annotations

x: dict[str,int] | None = None


def f(a: "Local", *b: tuple[int,...], c: callable([1])=1) -> list [ str ]: ...
