# SPDX-License-Identifier: MIT
"""Usage: check_undefined.py <nm> <object file>...

Fails when an object file calls a function of adder that it does not have itself: headers alone bring all that they use.
"""
import pathlib
import subprocess
import sys


def main():
    failed = False
    for path in map(pathlib.Path, sys.argv[2:]):
        listing = subprocess.run([sys.argv[1], "-uC", path], check=True, capture_output=True, text=True).stdout
        for line in listing.splitlines():
            name = line.split(maxsplit=1)[1]
            if "adder::" in name:
                failed = True
                print(f"{path.name}: {name} is declared, called and not defined", file=sys.stderr)
    return failed


sys.exit(main())
