# Reading and writing files: text, binary, modes, iteration, errors.
import os
import tempfile
folder = tempfile.mkdtemp()
path = os.path.join(folder, "file.txt")
with open(path, "w") as f:
    print(f.write("line one\nline two\n"), f.closed, f.mode, os.path.basename(f.name), f.writable(), f.readable())
    f.writelines(["three\n", "four"])
    print("printed", file=f)
with open(path) as f:
    print(f.read(4), repr(f.readline()), f.readlines(), repr(f.read()), f.tell() > 0, f.seek(0), f.readline())
with open(path) as f:
    for n, line in enumerate(f):
        print(n, line.rstrip())
with open(path, "a") as f:
    f.write("é中\n")
with open(path, "rb") as f:
    data = f.read()
    print(data[-8:], len(data), type(data).__name__)
with open(path, "r+b") as f:
    f.write(b"LINE")
    f.seek(-3, 2)
    print(f.read())
print(open(path, encoding="utf-8").read().splitlines()[-1], os.path.exists(path), os.path.getsize(path))
for args in ((path + ".no",), (folder,), (path, "q"), (path, "x"), (path, "rb", -1, "utf-8"), (5.5,)):
    try:
        open(*args)
    except Exception as e:
        print(type(e).__name__, str(e).replace(folder, "DIR"))
f = open(path)
f.close()
try:
    f.read()
except ValueError as e:
    print(e)
try:
    with open(path, "w") as g:
        g.read()
except Exception as e:
    print(type(e).__name__, e)
os.remove(path)
print(os.listdir(folder), os.rmdir(folder))
