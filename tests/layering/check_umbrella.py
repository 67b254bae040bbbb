# SPDX-License-Identifier: MIT
"""Usage: check_umbrella.py <compiler> <flags>...

Checks that adder/adder.hpp reads neither heavy standard headers nor adder/stl/, directly or through other headers.
"""
import re
import subprocess
import sys

HEAVY = re.compile(r"/(atomic|algorithm|functional|iostream|map|memory|mutex|regex|set|tuple|unordered_map|variant|vector)$|/adder/stl/")

# -H prints each header that is opened, with one dot per level of nesting.
run = subprocess.run([*sys.argv[1:], "-fsyntax-only", "-H", "-x", "c++", "-"], input="#include <adder/adder.hpp>\n",
                     text=True, capture_output=True)
if run.returncode != 0:
    sys.exit(f"adder/adder.hpp does not compile:\n{run.stderr}")

failures, path = [], []
for line in run.stderr.splitlines():
    if not (match := re.match(r"(\.+) (.*)", line)):
        continue
    depth, header = len(match[1]), match[2]
    path[depth - 1:] = [header]
    if HEAVY.search(header):
        failures.append("\n  includes ".join(path[:depth]))

for failure in failures:
    print(failure, end="\n\n")
sys.exit(f"adder/adder.hpp reads {len(failures)} heavy header(s)" if failures else 0)
