"""A stand-in for a language model: proposes that a percentage called growth is that of the two counts before it."""

import json
import re
import sys

asked = json.load(sys.stdin)
counts = []
for start, end, number in asked["mentions"]:
    if number.endswith("thousand"):
        counts.append([start, end])
    elif (
        number.endswith("%")
        and re.search(r"growth of $", asked["text"][:start], re.IGNORECASE)
        and len(counts) > 1
    ):
        new, old = counts[-2:]
        print(json.dumps({"relation": "yoy", "stated": [start, end], "inputs": [new, old]}))
