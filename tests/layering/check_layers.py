# SPDX-License-Identifier: MIT
"""Usage: check_layers.py <layers.txt> <include folder>

Checks the headers against layers.txt, which lists all of them, lowest first: a header includes only headers that
stand above it in the list, by full path.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
HEAVY = {"iostream", "functional", "map", "regex"}  # what the umbrella must not cost its users
UMBRELLA = "adder/adder.hpp"


def listed_headers(layers):
    lines = (line.split("#")[0].strip() for line in layers.read_text().splitlines())
    return ["adder/" + line for line in lines if line]


def check(layers, root):
    listed = listed_headers(layers)
    found = {path.relative_to(root).as_posix() for path in root.glob("adder/**/*") if path.is_file()}
    for header in sorted({header for header in listed if listed.count(header) > 1}):
        yield f"{layers.name}: {header} is listed twice"
    for header in sorted(found - set(listed)):
        yield f"{layers.name}: {header} is not listed"
    for header in sorted(set(listed) - found):
        yield f"{layers.name}: there is no {header}"

    rank = {header: position for position, header in enumerate(listed)}
    includes = {}
    for header in sorted(found):
        text = (root / header).read_text()
        includes[header] = [name for _, name in INCLUDE.findall(text)]
        if not text.startswith("// SPDX-License-Identifier: MIT\n"):
            yield f"{header}: the first line is not the licence line"
        if not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield f"{header}: no #pragma once"

        for bracket, name in INCLUDE.findall(text):
            ours = name.startswith("adder/")
            if bracket == '"' and not ours:
                yield f'{header}: "{name}" is not a full path ("adder/...")'
            elif bracket == "<" and ours:
                yield f'{header}: write "{name}", not <{name}>'
            elif ours and name not in found:
                yield f"{header}: includes {name}, which does not exist"
            elif ours and rank.get(name, 0) >= rank.get(header, len(rank)):
                yield f"{header}: includes {name}, which is not below it in {layers.name}"
            if name.startswith("adder/stl/") and not header.startswith("adder/stl/"):
                yield f"{header}: includes {name}, which is for users to opt in to"

    reached, todo = set(), [UMBRELLA]
    while todo:
        header = todo.pop()
        for name in includes.get(header, []):
            if name in HEAVY:
                yield f"{header}: includes <{name}> and is part of {UMBRELLA}"
            if name not in reached:
                reached.add(name)
                todo.append(name)


def main():
    failures = list(check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
