# status: 1
x = f"abc {1
