# status: 1
x = f"{}"
