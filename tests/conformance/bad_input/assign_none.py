# status: 1
None = 1
