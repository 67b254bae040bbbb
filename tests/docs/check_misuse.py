# SPDX-License-Identifier: MIT
"""Each line of the tables in docs/guide/misuse*.md names tests, and those exist.

check_misuse.py PAGE...: a link's text is a test's name, in the file it leads to, or that file's own name.
"""
import pathlib
import re
import sys

pages = [pathlib.Path(page) for page in sys.argv[1:]]
problems, rows = [], 0
for page, number, line in ((page, *numbered) for page in pages for numbered in enumerate(page.read_text().splitlines(), 1)):
    if not line.startswith("|") or line.startswith("|---") or line.endswith("| test |"):
        continue
    rows += 1
    links = re.findall(r"\[`(\w+)`\]\((\S+)\)", line.rsplit("|", 2)[1])
    if not links:
        problems.append(f"{page.name}:{number}: names no test")
    for name, target in links:
        file = page.parent / target
        if not file.is_file():
            problems.append(f"{page.name}:{number}: there is no {target}")
        elif name != file.stem and not re.search(rf"\b{name}\b", file.read_text()):
            problems.append(f"{page.name}:{number}: there is no {name} in {target}")
if rows < 40:
    problems.append(f"misuse: only {rows} lines were found")
print(*problems, f"{rows} lines, {len(problems)} problems", sep="\n")
sys.exit(bool(problems))
