# Values whose number is not known beforehand: no count in the message.
for values in ("abc", iter([1, 2, 3]), (x for x in range(3)), {1, 2, 3}, range(3), map(str, [1, 2, 3])):
    try:
        a, b = values
    except ValueError as e:
        print(e)
