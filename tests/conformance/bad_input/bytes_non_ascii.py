# status: 1
x = b"é"
