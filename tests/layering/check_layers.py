# SPDX-License-Identifier: MIT
"""Usage: check_layers.py <layers.txt> <project folder>

Checks that the folders of include/adder are layers, as layers.txt orders them:
- a header includes headers of its own folder and of lower ones, by full path, and no circle of includes;
- the top has adder.hpp alone, and the core includes nothing of stl/;
- what is in a detail/ folder is included by adder's headers only: not by tests, examples, benchmarks, docs.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
HEAVY = {"iostream", "functional", "map", "regex"}  # what the umbrella must not cost its users
UMBRELLA = "adder/adder.hpp"
# Only who writes stub files compiles that.
STUBS = re.compile(r"^#if ADDER_STUBS\n(.*?)^#(?:endif|else)", re.MULTILINE | re.DOTALL)
USERS = ["tests", "examples", "benchmarks", "docs", "README.md"]
# Tests of the details themselves.
MAY_SEE_DETAILS = ["tests/unit/", "tests/compile_fail/"]


def layer_of(header):
    return header.split("/")[1] if header.count("/") > 1 else ""


def circles(includes):
    """Headers that include themselves by way of others."""
    done, stack = set(), []

    def visit(header):
        if header in stack:
            yield " -> ".join(stack[stack.index(header):] + [header])
        elif header not in done:
            done.add(header)
            stack.append(header)
            for name in includes.get(header, []):
                yield from visit(name)
            stack.pop()

    for header in includes:
        yield from visit(header)


def check_headers(layers, root):
    lines = (line.split("#")[0].split() for line in layers.read_text().splitlines())
    order = [line[0] for line in lines if line]
    rank = {folder: position for position, folder in enumerate(order)}
    found = {path.relative_to(root).as_posix(): path for path in sorted(root.glob("adder/**/*")) if path.is_file()}

    for folder in sorted({layer_of(header) for header in found} - {""} - rank.keys()):
        yield f"{layers.name}: the folder {folder} is not listed"
    for folder in order:
        if not (root / "adder" / folder).is_dir():
            yield f"{layers.name}: there is no folder {folder}"

    includes, core = {}, {}
    for header, path in found.items():
        text = path.read_text()
        # A header and the file with its plain functions are one.
        includes[header] = [name for _, name in INCLUDE.findall(text) if not name.endswith("_inl.hpp")]
        core[header] = [name for _, name in INCLUDE.findall(STUBS.sub("", text)) if not name.endswith("_inl.hpp")]
        if not layer_of(header) and header != UMBRELLA:
            yield f"{header}: only {UMBRELLA} stands at the top"
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
            elif ours and layer_of(header) and rank.get(layer_of(name), len(rank)) > rank.get(layer_of(header), 0):
                yield f"{header}: includes {name}, which is of a higher layer"
            if name.startswith("adder/stl/") and not header.startswith("adder/stl/"):
                yield f"{header}: includes {name}, which is for users to opt in to"

    for circle in circles(includes):
        yield f"headers include each other: {circle}"

    reached, todo = set(), [UMBRELLA]
    while todo:
        header = todo.pop()
        for name in core.get(header, []):
            if name in HEAVY:
                yield f"{header}: includes <{name}> and is part of {UMBRELLA}"
            if name not in reached:
                reached.add(name)
                todo.append(name)


def check_users(project):
    for name in USERS:
        top = project / name
        for path in sorted(top.rglob("*") if top.is_dir() else [top]):
            relative = path.relative_to(project).as_posix()
            if path.suffix not in {".cpp", ".hpp", ".md", ".py"} or relative.startswith(tuple(MAY_SEE_DETAILS)):
                continue
            for _, header in INCLUDE.findall(path.read_text()):
                if header.startswith("adder/") and "/detail/" in header:
                    yield f"{relative}: includes {header}, which is adder's own and may change any day"


def main():
    project = pathlib.Path(sys.argv[2])
    failures = [*check_headers(pathlib.Path(sys.argv[1]), project / "include"), *check_users(project)]
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
