# SPDX-License-Identifier: MIT
"""Usage: check_umbrella.py <compiler> <flags>...

Checks that adder/adder.hpp reads neither heavy standard headers nor adder/stl/, directly or through other headers; and
with the compiled core no `<string>` either, which costs a third of what Python.h does. The same of the headers beside it
that most classes need. And that no handle is complete there which only those need who use it: each costs a file as much
as a small header.
"""
import re
import subprocess
import sys

HEAVY = "atomic|algorithm|functional|iostream|map|memory|mutex|regex|set|tuple|unordered_map|variant|vector"
# Without the compiled core, what becomes of std::out_of_range and its kin has to be known.
HEAVY_WITH_CORE = HEAVY + "|stdexcept|string|system_error"


HEADERS = ["adder/adder.hpp", "adder/class/protocols.hpp"]
# The types of Python that come with adder.hpp, whose handles nothing in it completes: but for PyAny and PyModule, all.
LATE_TYPES = ["PyByteArray", "PyBytes", "PyCapsule", "PyCode", "PyDict", "PyFloat", "PyInt", "PyIterator", "PyList",
              "PySet", "PyString", "PyTuple", "PyType"]


def read_by(header: str, heavy: str, flags: list[str]) -> list[str]:
    """The ways to headers that are heavy."""
    # -H prints each header that is opened, with one dot per level of nesting.
    run = subprocess.run([*sys.argv[1:], *flags, "-fsyntax-only", "-H", "-x", "c++", "-"],
                         input=f"#include <{header}>\n", text=True, capture_output=True)
    if run.returncode != 0:
        sys.exit(f"{header} does not compile:\n{run.stderr}")
    refused = re.compile(rf"/({heavy})$|/adder/stl/")
    found, path = [], []
    for line in run.stderr.splitlines():
        if not (match := re.match(r"(\.+) (.*)", line)):
            continue
        depth, header = len(match[1]), match[2]
        path[depth - 1:] = [header]
        # What a standard header reads in turn is up to the library.
        if refused.search(header) and not (depth > 1 and "/c++/" in path[depth - 2]):
            found.append("\n  includes ".join(path[:depth]))
    return found


def completed(headers: list[str], flags: list[str]) -> list[str]:
    """The handles that the headers complete."""
    # Methods cannot be replaced any more once a class has them.
    lines = [f"#include <{header}>" for header in headers]
    for name in LATE_TYPES:
        for handle in ("Bound", "Borrowed"):
            of = f"adder::{name}, adder::{handle}<adder::{name}>"
            lines.append(f"template <> struct adder::detail::MethodSet<{of}> {{ using type = void; }};")
    run = subprocess.run([*sys.argv[1:], *flags, "-fsyntax-only", "-x", "c++", "-"],
                         input="\n".join(lines) + "\n", text=True, capture_output=True)
    if run.returncode == 0:
        return []
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    return [f"a handle is complete that only its users need:\n  {error}" for error in errors]


failures = [way for header in HEADERS
            for way in read_by(header, HEAVY, []) + read_by(header, HEAVY_WITH_CORE, ["-DADDER_COMPILED=1"])]
failures += completed(HEADERS, ["-DADDER_COMPILED=1"])
for failure in failures:
    print(failure, end="\n\n")
sys.exit(f"{len(failures)} heavy header(s) or handle(s) are read" if failures else 0)
