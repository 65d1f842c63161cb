# status: 1
x = “text”
