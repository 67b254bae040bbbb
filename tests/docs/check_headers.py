# SPDX-License-Identifier: MIT
"""Usage: check_headers.py <docs/start/cheat-sheet.md> <include folder>

The cheat sheet says which header has what: it names each public header that no other one brings, and none that is not
there. A name without a folder is in the folder of the one before it.
"""
import pathlib
import re
import sys

page, include = map(pathlib.Path, sys.argv[1:])
section = page.read_text().partition("## Which header?\n")[2].partition("\n## ")[0]
named, folder = set(), ""
for name in re.findall(r"`((?:[\w/]+/)?\w+\.hpp)`", section):
    if "/" in name:
        folder = name.rpartition("/")[0]
    else:
        name = f"{folder}/{name}"
    named.add(name)


public = {str(path.relative_to(include)) for path in include.rglob("*.hpp") if "detail" not in path.parts}
brought = {
    inner
    for path in include.rglob("*.hpp")
    for inner in re.findall(r'^#include "(adder/.*?)"', path.read_text(), re.MULTILINE)
}
# Each standard type has its header in stl/, by its own name; typing/ is for stub builds alone.
asked = {name for name in public - brought if not re.match(r"adder/(stl|typing)/", name)} - {"adder/adder.hpp"}
problems = [f"{page.name}: there is no {name}" for name in sorted(named) if not (include / name).is_file()]
problems += [f"{page.name} does not name {name}" for name in sorted(asked - named)]
print(*problems, f"{len(named)} headers are named, {len(problems)} problems", sep="\n")
sys.exit(bool(problems) or len(named) < 20)
