# status: 1
class = 5
