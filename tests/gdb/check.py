# SPDX-License-Identifier: MIT
"""Usage: check.py <gdb> <adder_printers.py> <program> [plain-core]

gdb stops the program, shows its variables, and each is as it should be. A plain core is one
without debug information."""
import os
import re
import subprocess
import sys

SKIPPED = 77
EXPECTED = {
    "list": r"Bound<PyList>: list at 0x\w+, 3 references(, made at shown.cpp:\d+)?",
    "same": r"Bound<PyAny>: list at 0x\w+, 3 references.*",
    "borrowed": r"Borrowed<PyList>: list at 0x\w+, 3 references.*",
    "kept": r"Py<PyAny>: list at 0x\w+, 3 references.*",
    "moved": r"Bound<PyAny>: moved from",
    "taken": r"Bound<PyAny>: object at 0x\w+, 1 reference.*",
    "none": r"Bound<PyAny>: NoneType at 0x\w+, (immortal|\d+ references).*",
    "counter": r"Py<Counter>: .*Counter at 0x\w+, \d references?, read by 1 = {number = 5, other = 7}.*",
    "writer_of": r"Py<Counter>: .*Counter at 0x\w+, \d references?, borrowed exclusively = {number = 6, other = 8}.*",
    "reader": r"PyRef of Bound<Counter>: .*Counter at 0x\w+, \d references?, read by 1 = {number = 5, other = 7}.*",
    "writer": r"PyRefMut of Bound<Counter>: .*Counter at 0x\w+, \d references?, borrowed exclusively = {number = 6, .*",
    "frozen": r"Py<Frozen>: .*Frozen at 0x\w+, 1 reference = {number = 3}.*",
    "by_reference": r"(@0x\w+: )?Bound<PyList>: list at 0x\w+, 3 references.*",
    "lazy": r"PyErr: ValueError: too late",
    "mismatch": r"PyErr: TypeError: expected Decimal, got None",
    "unread": r"PyErr: ZeroDivisionError",
    "read": r"PyErr: TypeError: expected Fraction, got None",
    "inside": r"PyErr: TypeError: \[1\]: expected int, got str",
    "ok": r"PyResult<int>: 42",
    "failed": r"PyResult<int>: failed, TypeError.*",
    "done": r"PyResult<void>: success",
    "full": r"GILOnceCell<Py<PyAny> ?>: Py<PyAny>: dict at 0x\w+, 1 reference.*",
    "empty": r"GILOnceCell<Py<PyAny> ?>: empty",
}


UNKNOWN = "not known, as adder's core was compiled without debug information"


def main(gdb, printers, program, core=""):
    if core == "plain-core":
        EXPECTED.update({name: f"PyErr: {UNKNOWN}" for name in ("lazy", "mismatch", "unread", "read", "inside")})
        EXPECTED["failed"] = f"PyResult<int>: failed, {UNKNOWN}"
    commands = ["set confirm off", "set debuginfod enabled off", "set print thread-events off", f"source {printers}",
                "break shown_here", "run", "up"]
    for name in EXPECTED:
        commands += [f"echo {name} ", f"print {name}"]
    commands += ["echo finished\\n"]
    # gdb has a Python of its own: what says where this one's library is, is for the program alone.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for name in sorted(os.environ.keys() - environment.keys()):
        commands.insert(0, f"set environment {name} {os.environ[name]}")
    arguments = [argument for command in commands for argument in ("-ex", command)]
    for _ in range(3):  # A gdb that ends half way says nothing of the printers: on a busy machine one sometimes does.
        result = subprocess.run([gdb, "-batch", "-nx", *arguments, program], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=240, env=environment)
        if "finished" in result.stdout:
            break
        print(f"gdb ended early, with status {result.returncode}: {result.stdout[-500:]} {result.stderr[-500:]}")
    if "ptrace" in result.stderr and "Operation not permitted" in result.stderr:
        print("SKIPPED: gdb may not start a process here")
        return SKIPPED
    if "Python scripting is not supported" in result.stderr:
        print("SKIPPED: this gdb has no Python")
        return SKIPPED
    failures = 0
    for name, pattern in EXPECTED.items():
        found = re.search(rf"^{name} ?\$\d+ = (.*)$", result.stdout, re.MULTILINE)
        if found is None or not re.fullmatch(pattern, found[1]):
            failures += 1
            print(f"{name}: got {found[1] if found else 'nothing'}, wanted {pattern}")
    if failures:
        print(result.stdout[-3000:], result.stderr[-3000:])
    return failures != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
