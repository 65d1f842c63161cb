# status: 1
x = f"{1 +}"
