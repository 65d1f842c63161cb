# status: 1
# Operator anchors.
x = {"a": {"b": [1, 2]}}
y = None
print(x["a"]["b"][1] * 2 + y)
