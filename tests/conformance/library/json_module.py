# json.
import json
data = {"name": "é", "list": [1, 2.5, None, True], "nested": {"k": "v\n"}}
text = json.dumps(data, sort_keys=True)
print(text, json.loads(text) == data, json.dumps([1, {"a": ()}], indent=2), json.loads('[1e3, "\\u00e9", false]'))
try:
    json.loads("{bad}")
except ValueError as e:
    print(type(e).__name__, e)
