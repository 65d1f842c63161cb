# status: 1
if True
    pass
