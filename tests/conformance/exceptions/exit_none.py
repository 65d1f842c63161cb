# raise SystemExit ends with status 0.
print("before")
raise SystemExit
print("after")
