# status: 1
class C
    pass
