# status: 1
if True:
    break
