# io and os.path.
import io
import os.path
f = io.StringIO()
f.write("text")
print(f.getvalue(), io.BytesIO(b"ab").read(1), os.path.join("a", "b.txt"), os.path.splitext("x/y.py"), os.path.basename("a/b"))
