# status: 1
print(**{}, *[])
