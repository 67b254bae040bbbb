# SPDX-License-Identifier: MIT
"""Usage: check_messages.py <include folder> <docs/reference/messages.md>...

Each message on the pages is in the headers: the pieces between its placeholders are in string literals there.
"""

import pathlib
import re
import sys

include, *pages = map(pathlib.Path, sys.argv[1:])
literals = []
for header in include.rglob("*.hpp"):
    text = re.sub(r"^\s*(//|#(?!error)).*$", "", header.read_text(), flags=re.MULTILINE)
    for run in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        literals.append("".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', run)).replace('\\"', '"'))
everything = "\n".join(literals)

problems, messages = [], 0
for page, number, line in ((page, *numbered) for page in pages for numbered in enumerate(page.read_text().splitlines(), 1)):
    if not line.startswith("| `"):
        continue
    for message in re.findall(r"`([^`]+)`", line.split(" | ")[0]):
        messages += 1
        for piece in message.split("…"):
            piece = piece.strip(" '.:,")
            # Short pieces between placeholders are not worth asking for; one letter follows many a format.
            if len(piece) > 3 and piece not in everything:
                problems.append(f"{page.name}:{number}: no header says: {piece}")
if messages < 40:
    problems.append(f"only {messages} messages were found")
print(*problems, f"{messages} messages, {len(problems)} problems", sep="\n")
sys.exit(bool(problems))
