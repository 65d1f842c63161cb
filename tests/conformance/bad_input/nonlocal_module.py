# status: 1
nonlocal x
