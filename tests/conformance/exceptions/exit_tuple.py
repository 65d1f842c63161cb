# status: 1
# Any other object is printed.
raise SystemExit((1, "x"))
