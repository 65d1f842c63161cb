//! A group for each primitive operation. The time that criterion prints is that of one operation with the loop around it.

use parallax_benches::workloads;

use crate::session::Group;

/// Name and program of each primitive; `run(n)` does n operations.
const PRIMITIVES: [(&str, &str); 12] = [
    ("count up", "def run(n):\n    i = 0\n    while i < n:\n        i += 1\n    return i\n"),
    ("count down", "def run(n):\n    while n > 0:\n        n -= 1\n    return n\n"),
    ("for over range", "def run(n):\n    last = 0\n    for i in range(n):\n        last = i\n    return last\n"),
    (
        "list append",
        "def run(n):\n    items = []\n    for i in range(n):\n        items.append(i)\n    return len(items)\n",
    ),
    (
        "list index",
        "ITEMS = [1, 2, 3, 4]\n\ndef run(n):\n    items = ITEMS\n    x = 0\n    for i in range(n):\n        x = items[2]\n    return x\n",
    ),
    (
        "dict get",
        "TABLE = {'key': 1}\n\ndef run(n):\n    table = TABLE\n    x = 0\n    for i in range(n):\n        x = table['key']\n    return x\n",
    ),
    (
        "dict set",
        "def run(n):\n    table = {}\n    for i in range(n):\n        table['key'] = i\n    return len(table)\n",
    ),
    (
        "attribute get",
        "class Thing:\n    pass\n\nTHING = Thing()\nTHING.x = 1\n\ndef run(n):\n    thing = THING\n    x = 0\n    for i in range(n):\n        x = thing.x\n    return x\n",
    ),
    (
        "attribute set",
        "class Thing:\n    pass\n\ndef run(n):\n    thing = Thing()\n    for i in range(n):\n        thing.x = i\n    return thing.x\n",
    ),
    (
        "call",
        "def nothing(x):\n    return x\n\ndef run(n):\n    for i in range(n):\n        nothing(i)\n    return 0\n",
    ),
    (
        "method call",
        "class Thing:\n    def nothing(self):\n        return self\n\ndef run(n):\n    thing = Thing()\n    for i in range(n):\n        thing.nothing()\n    return 0\n",
    ),
    (
        "lock",
        "import threading\n\nLOCK = threading.Lock()\n\ndef run(n):\n    lock = LOCK\n    for i in range(n):\n        with lock:\n            pass\n    return 0\n",
    ),
];

pub(crate) fn groups() -> Result<Vec<Group>, String> {
    let driver = workloads::driver()?;
    let group = |(name, program): &(&str, &str)| Group {
        name: format!("primitive/{name}"),
        source: format!("{program}\n\n{driver}"),
        teams: vec![0],
    };
    Ok(PRIMITIVES.iter().map(group).collect())
}
