# % formatting.
print("%s %s" % ("a", 1), "%d" % 42, "%d" % 3.9, "%i" % -5, "%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42), "%x %X %o %#x %#o" % (255, 255, 8, 255, 8))
print("%f %.2f %10.3f|%-10.1f|%e %.3E %g %g %G" % (1.5, 3.14159, 2.5, 2.5, 12345.678, 0.00012, 1e10, 0.0001, 1e-10))
print("%r %s %a" % ("a'b", None, "é"), "%c%c" % ("x", 65), "100%%", "%s" % [1, 2], "%s" % ((1, 2),), "%(name)s is %(age)03d" % {"name": "Al", "age": 7, "x": 0})
print("%*d|%-*d|%.*f" % (5, 1, 5, 2, 2, 3.14159), "%.3s|%10s|%-10s|" % ("abcdef", "hi", "hi"), "%s" % "", "" % (), "x" % {}, "%d" % 2 ** 70, "%x" % -255, "%5.1f%%" % 99.5)
print("%s" % True, "%d" % True, "%.0f %.0f" % (0.5, 1.5), "%g" % 100000, "%g" % 1000000, "%g" % 1.0, "%#g" % 1.0, "%e" % 0, "%s %s" % (float("inf"), float("nan")), "%05d" % -3, "%+.1e" % 12345)
for f in (lambda: "%d" % "x", lambda: "%s %s" % "a", lambda: "%s" % (1, 2), lambda: "%q" % 1, lambda: "%" % 1, lambda: "%(a)s" % {}, lambda: "%(a)s" % 1, lambda: "%c" % -1, lambda: "%f" % "x", lambda: "%x" % 1.5, lambda: "abc" % 1):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, sep=": ")
