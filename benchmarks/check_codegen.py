# SPDX-License-Identifier: MIT
"""Compiles pairs of functions with g++ and clang++, and fails where X_adder has more instructions than X_capi."""

import argparse
import difflib
import re
import shutil
import subprocess
import sys

COMPILERS = ("g++", "clang++")
FLAGS = ("-std=c++20", "-O2", "-DNDEBUG", "-fvisibility=hidden", "-fPIC", "-S", "-o", "-")


def functions(assembly):
    """{name: [instruction]}, with labels numbered in the order in which they are mentioned and without directives.

    The parts that a compiler moves out of the way (`name.cold`) count as instructions of the function."""
    bodies, current = {}, None
    for line in assembly.splitlines():
        line = line.split("#")[0].rstrip()
        if start := re.match(r"([A-Za-z_]\w*?)(\.cold(?:\.\d+)?)?:$", line):
            current = bodies.setdefault(start[1], [])
        elif re.match(r"\s*\.size\s", line):
            current = None
        elif current is not None:
            if label := re.match(r"(\.L\w+):", line):
                current.append(label[0])
            elif re.match(r"\s+[a-z]", line):  # directives begin with a dot
                current.append(" ".join(line.split()))
    return {name: normalised(body) for name, body in bodies.items()}


def normalised(body):
    """Labels that are jumped to become L1, L2, ...; other labels go."""
    used = {}
    for line in body:
        if not line.endswith(":"):
            for label in re.findall(r"\.L\w+", line):
                used.setdefault(label, f"L{len(used) + 1}")
    lines = []
    for line in body:
        if line.endswith(":") and line[:-1] not in used:
            continue
        lines.append(re.sub(r"\.L\w+", lambda label: used.get(label[0], "L?"), line))
    return lines


def count(body):
    return sum(not line.endswith(":") for line in body)


def shape(line):
    """An instruction without the choice of registers: `movq %mem, %reg`."""
    line = re.sub(r"[-\w$@.]*\([^)]*\)", "%mem", line)
    line = re.sub(r"%(?!mem)[a-z0-9]+", "%reg", line)
    return line


def compare(compiler, source, includes, verbose):
    # Identical functions stay apart: g++ would make the one jump to the other.
    own = ["-fno-ipa-icf"] if compiler == "g++" else []
    command = [compiler, *FLAGS, *own, *(f"-isystem{folder}" for folder in includes), source]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    bodies = functions(done.stdout)
    pairs = sorted(name.removesuffix("_adder") for name in bodies if name.endswith("_adder"))
    if not pairs:
        sys.exit(f"{compiler}: no pair of functions found in the assembly of {source}")
    failed = 0
    for pair in pairs:
        ours, theirs = bodies[f"{pair}_adder"], bodies[f"{pair}_capi"]
        more = count(ours) > count(theirs)
        failed += more
        if [shape(line) for line in ours] == [shape(line) for line in theirs]:
            verdict = "same"
        else:
            verdict = "MORE" if more else "fewer" if count(ours) < count(theirs) else "as many"
        print(f"{compiler:8} {pair:18} adder {count(ours):3}  C API {count(theirs):3}  {verdict}")
        if more or (verbose and verdict != "same"):
            print("\n".join(difflib.unified_diff(theirs, ours, f"{pair}_capi", f"{pair}_adder", lineterm="", n=99)))
    return failed


def main():
    parser = argparse.ArgumentParser(description="Do handles compile to what one would write by hand?")
    parser.add_argument("--include", action="append", default=[], help="a folder with headers; may be repeated")
    parser.add_argument("--verbose", action="store_true", help="print the difference of pairs that are not the same")
    parser.add_argument("source")
    options = parser.parse_args()
    found = [compiler for compiler in COMPILERS if shutil.which(compiler)]
    if not found:
        print(f"SKIPPED: needs {' or '.join(COMPILERS)}")
        return 0
    return 1 if sum(compare(compiler, options.source, options.include, options.verbose) for compiler in found) else 0


if __name__ == "__main__":
    sys.exit(main())
