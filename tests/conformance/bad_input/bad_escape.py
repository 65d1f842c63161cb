# status: 1
x = "\x4"
