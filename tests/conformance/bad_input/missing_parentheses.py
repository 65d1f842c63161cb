# status: 1
print "hello"
