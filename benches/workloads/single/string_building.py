# Builds strings: concatenation, join, slices, formatting of three kinds, search and replacement.
def run(n):
    total = 0
    for turn in range(n):
        text = ""
        for i in range(30):
            text += "ab"
            text += chr(97 + i % 26)
        parts = []
        for i in range(30):
            parts.append(str(i * turn))
            parts.append(f"{i:>3}|{turn}")
            parts.append("%d-%s" % (i, "x"))
        line = ",".join(parts)
        total += len(text) + len(line)
        total += line.count("|") + line.find("29-x")
        total += len(line.replace("|", "<>")) + len(line.split(","))
        total += len(text[3:40].upper().strip("A"))
    return total
