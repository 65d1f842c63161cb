#!/usr/bin/env python3
"""Writes the expected outputs of the corpus: run it with CPython 3.13 or later after adding or changing a program.

    python3 tests/regenerate.py [part of a program's name ...]

Beside each program it writes NAME.out (standard output; none if it is `ok`, or empty and the status not 0) and NAME.err (error text;
none if empty),
and complains when the exit status is not the one in the program's `# status:` line.

The language is Python 3.14. Where 3.13 words a message differently, WORDING below gives 3.14's. A program whose outcome 3.13
cannot give at all has a line `# by hand: reason` in its opening comment; its expected files are written by a person.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))

# (pattern in 3.13's text, 3.14's text, programs: a regular expression over their names).
WORDING = [
    (r"integer (division or )?modulo by zero|float (floor )?division by zero|float modulo( by zero)?|float divmod\(\)"
     r"|float division or modulo by zero|complex division by zero|division by zero", "division by zero", r""),
    (r"(0\.0|zero) cannot be raised to a negative (or complex )?power", "zero to a negative power", r""),
    (r"ValueError:? .+ is not in list", "ValueError: list.index(x): x not in list", r"conformance/list/"),
    # The operation that needed the hash is named.
    (r"unhashable type: '(\w+)'", r"cannot use '\1' as a dict key (unhashable type: '\1')", r"conformance/dict/"),
    (r"unhashable type: '(\w+)'", r"cannot use '\1' as a set element (unhashable type: '\1')", r"conformance/set/"),
    (r"argument of type '(\w+)' is not iterable", r"argument of type '\1' is not a container or iterable", r""),
    (r"support the context manager protocol$", r"support the context manager protocol (missed __enter__ method)", r"with/"),
    # Unpacking a list, a tuple or a dict tells how many values there were (that program always has three for two).
    (r"too many values to unpack \(expected 2\)", "too many values to unpack (expected 2, got 3)", r"unpacking/too_many$"),
]


def programs(suite):
    folder = os.path.join(ROOT, suite)
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if suite == "conformance" and os.path.isdir(path):
            for inner in sorted(os.listdir(path)):
                if inner.endswith(".py"):
                    yield os.path.join(path, inner)
        elif name.endswith(".py"):
            yield path


def directive(source, key):
    for line in source.splitlines():
        if not line.startswith("#"):
            return None
        if line.startswith(f"# {key}: "):
            return line.partition(": ")[2]


def reworded(text, name):
    if sys.version_info < (3, 14):
        for pattern, new, where in WORDING:
            if re.search(where, name):
                text = re.sub(pattern, new, text, flags=re.MULTILINE)
    return text


def without_library(text):
    """Drops the frames of the standard library from tracebacks: its line numbers are no part of the language."""
    kept, dropping = [], False
    for line in text.splitlines(keepends=True):
        if not (dropping and line.startswith("    ")):
            dropping = line.startswith('  File "') and not line.startswith(('  File "$DIR', '  File "<'))
            if not dropping:
                kept.append(line)
    return "".join(kept)


def write(path, text, default):
    if text == default:
        if os.path.exists(path):
            os.remove(path)
    else:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)


def regenerate(path):
    base = path.removesuffix(".py")
    name = os.path.relpath(base, ROOT)
    with open(path, encoding="utf-8", errors="replace") as file:
        source = file.read()
    if os.path.basename(base) in sys.stdlib_module_names:
        print(f"{name}: its name hides a module of the standard library: rename it")
    if directive(source, "by hand"):
        return
    stdin = b""
    if os.path.exists(base + ".in"):
        with open(base + ".in", "rb") as file:
            stdin = file.read()
    keep = {key: os.environ[key] for key in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if key in os.environ}
    result = subprocess.run(
        [sys.executable, path], input=stdin, capture_output=True, cwd=os.path.dirname(path), timeout=60,
        env=keep | {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"})
    status = int(directive(source, "status") or 0)
    if result.returncode != status:
        print(f"{name}: status {result.returncode}, its header says {status}")
        print(result.stderr.decode(errors="replace"))
    out, err = (reworded(text.decode("utf-8", "replace").replace(os.path.dirname(path), "$DIR"), name)
                for text in (result.stdout, result.stderr))
    if re.search(r" at 0x[0-9a-f]{8,}", out + err):
        print(f"{name}: prints an address")
    write(base + ".out", out, "" if status else "ok\n")
    write(base + ".err", without_library(err), "")


def main():
    for suite in ("conformance", "guarantees", "seed"):
        for path in programs(suite):
            if not sys.argv[1:] or any(part in path for part in sys.argv[1:]):
                regenerate(path)


main()
