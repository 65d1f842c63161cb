# status: 1
x = 1
y = """abc
def
