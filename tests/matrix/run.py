#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds and tests adder with every Python and compiler that can be had here, and prints a table.

    tests/matrix/run.py                 everything
    tests/matrix/run.py sid             the cells whose names contain "sid"
    tests/matrix/run.py --list          what there is, and what is missing for the rest
    tests/matrix/run.py --tests 'unit;python'   other folders of tests than the usual ones
    tests/matrix/run.py --leave-out '^valgrind'   without the tests that are called like that
    tests/matrix/run.py --ci            what .ci/run asks for: parts of two cells, in minutes

Debian's and pyenv's Pythons are used where they are. Debian's next releases are made into folders of their own by
mmdebstrap, and kept in the cache: root is needed for those. A cell that cannot be had is skipped, and says why.
"""
from __future__ import annotations

import argparse
import fcntl
import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from typing import TextIO

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "adder"
TESTS = "unit;python;hostile;compile_fail;reflect;standard"
PACKAGES = ["ca-certificates", "ccache", "cmake", "ninja-build", "g++", "clang", "libgtest-dev", "libeigen3-dev",
            "python3-dev", "python3-pytest", "python3-hypothesis", "python3-numpy", "python3-scipy"]


class Missing(Exception):
    """Why an environment cannot be had."""


class Host:
    """This machine."""

    def __init__(self, python: str) -> None:
        self.python = python

    def prepare(self) -> None:
        path = shutil.which(self.python)
        if path is None:
            raise Missing(f"there is no {self.python}")
        ask = "import sysconfig, os; print(os.path.exists(os.path.join(sysconfig.get_path('include'), 'Python.h')))"
        if run([path, "-c", ask]).stdout.strip() != "True":
            raise Missing(f"{self.python} has no headers")
        self.python = path

    def call(self, command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        return run(command, **more)

    def source(self) -> pathlib.Path:
        return ROOT

    def build(self, cell: str) -> pathlib.Path:
        return ROOT / "build" / "matrix" / cell


def with_pytest(base: pathlib.Path, name: str) -> str:
    """A Python like that one, in an environment of its own, with what the tests need from PyPI."""
    environment = CACHE / f"matrix-{name}"
    python = str(environment / "bin" / "python")
    if run([python, "-c", "import pytest, hypothesis, numpy"]).returncode != 0:
        run([str(base), "-m", "venv", "--clear", str(environment)])
        made = run([python, "-m", "pip", "install", "-q", "--only-binary", ":all:", "pytest", "hypothesis", "numpy"])
        if made.returncode != 0:
            raise Missing("PyPI cannot be reached for pytest: " + last_line(made.stderr))
    return python


class Pyenv(Host):
    """The newest of pyenv's Pythons of one version."""

    def prepare(self) -> None:
        root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
        number = re.compile(re.escape(self.python) + r"\.(\d+)")
        found = sorted((int(match[1]), path) for path in root.glob("*") if (match := number.fullmatch(path.name)))
        if not found:
            raise Missing(f"pyenv has no {self.python}")
        self.python = with_pytest(found[-1][1] / "bin" / "python3", f"pyenv-{self.python}")


class FreeThreaded(Host):
    """What tests/freethreaded finds."""

    def prepare(self) -> None:
        found = run([str(ROOT / "tests/freethreaded/find_python.sh"), "freethreaded"])
        if found.returncode != 0:
            raise Missing(last_line(found.stderr).removeprefix("SKIPPED: "))
        self.python = with_pytest(pathlib.Path(found.stdout.strip()), "free-threaded")


class Tree:
    """A Debian of another release, in a folder."""

    locks: dict[str, TextIO] = {}

    def __init__(self, suite: str, python: str, packages: list[str]) -> None:
        self.suite, self.python, self.packages = suite, python, packages
        self.folder = CACHE / "trees" / suite

    def prepare(self) -> None:
        if os.geteuid() != 0:
            raise Missing("only root can make and enter a folder with another Debian")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.lock()
        packages = sorted({*PACKAGES, *self.packages})
        # Not inside: the folder is copied nowhere, and what is being made would look finished.
        done = self.folder.parent / f"{self.suite}.packages"
        if not done.exists() or done.read_text() != "\n".join(packages):
            if shutil.which("mmdebstrap") is None:
                raise Missing("mmdebstrap is not installed")
            kept = self.folder.parent / f"{self.suite}.ccache"
            if (self.folder / "build/ccache").exists():
                shutil.rmtree(kept, ignore_errors=True)
                (self.folder / "build/ccache").rename(kept)
            shutil.rmtree(self.folder, ignore_errors=True)
            print(f"making {self.folder} …", file=sys.stderr, flush=True)
            made = run(["mmdebstrap", "--variant=apt", '--aptopt=Acquire::Check-Valid-Until "false"',
                        '--aptopt=Acquire::http::Timeout "60"',
                        "--include=" + ",".join(packages), self.suite, str(self.folder)])
            if made.returncode != 0:
                raise Missing(f"mmdebstrap: {last_line(made.stderr)}")
            (self.folder / "build").mkdir()
            if kept.exists():
                kept.rename(self.folder / "build/ccache")
            done.write_text("\n".join(packages))
        if (entered := self.call(["true"])).returncode != 0:
            raise Missing(f"{self.folder} cannot be entered: {last_line(entered.stderr)}")
        if not (self.folder / "usr/bin" / self.python).exists():
            raise Missing(f"Debian {self.suite} has no {self.python} (any more)")
        self.python = f"/usr/bin/{self.python}"
        self.copy_sources()

    def lock(self) -> None:
        """Until this process ends: runs of other clones have to wait."""
        if self.suite not in self.locks:
            self.locks[self.suite] = open(self.folder.parent / f"{self.suite}.lock", "w")
            try:
                fcntl.flock(self.locks[self.suite], fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"waiting for another run in {self.folder} …", file=sys.stderr, flush=True)
                fcntl.flock(self.locks[self.suite], fcntl.LOCK_EX)

    def copy_sources(self) -> None:
        """A file that is the same stays as it is: what was built of it, maybe for another clone, is built."""
        inside = self.folder / "src"
        listed = run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
        for path in list(inside.rglob("*")):
            if not path.is_dir() and str(path.relative_to(inside)) not in names:
                path.unlink()
        for name in names:
            source, copy = ROOT / name, inside / name
            if not copy.exists() or not filecmp.cmp(source, copy, shallow=False):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
            shutil.copymode(source, copy)

    def call(self, command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        # With a /proc of its own, which goes away by itself. glibc asks it where the main thread's stack is.
        enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--root={self.folder}", "--mount-proc"]
        settings = ["env", "HOME=/build", "CCACHE_DIR=/build/ccache", "LC_ALL=C.UTF-8"]
        return run([*enter, *settings, *command], **more)

    def source(self) -> pathlib.Path:
        return pathlib.Path("/src")

    def build(self, cell: str) -> pathlib.Path:
        return pathlib.Path("/build") / cell


TRIXIE = ("trixie", "python3.13", [])
SID = ("sid", "python3.14", ["python3.14-dev", "python3.15-dev"])
CELLS = {
    "debian-g++": (lambda: Host("/usr/bin/python3"), "g++"),
    "debian-clang++": (lambda: Host("/usr/bin/python3"), "clang++"),
    "debian-debug": (lambda: Host("/usr/bin/python3-dbg"), "g++"),
    "pyenv-3.10": (lambda: Pyenv("3.10"), "g++"),
    "pyenv-3.12": (lambda: Pyenv("3.12"), "g++"),
    "pyenv-3.13": (lambda: Pyenv("3.13"), "g++"),
    "free-threaded": (lambda: FreeThreaded(""), "g++"),
    "trixie-3.13-g++": (lambda: Tree(*TRIXIE), "g++"),
    "trixie-3.13-clang++": (lambda: Tree(*TRIXIE), "clang++"),
    "sid-3.14-g++": (lambda: Tree(*SID), "g++"),
    "sid-3.14-clang++": (lambda: Tree(*SID), "clang++"),
    "sid-3.15-g++": (lambda: Tree("sid", "python3.15", SID[2]), "g++"),
    "sid-3.15-clang++": (lambda: Tree("sid", "python3.15", SID[2]), "clang++"),
}

# What has to be green for a change to go in: folders, and which of their tests are left out, so that both cells take five
# minutes where nothing has to be compiled again. class_shapes* is a third of the time of all Python tests. Of what must
# not compile, the files that begin with a, b or c go through the compiler of the cell.
CI = {
    "sid-3.14-g++": ("unit;python;hostile;reflect;standard", r"^(valgrind|pythons|refcount)\.|^python\.class_shapes"),
    "sid-3.15-g++": ("python;compile_fail", r"^pythons\.|^python\.class_shapes|^compile_fail_|^compile_fail\.[^abc]"),
}
CI_SECONDS = 600  # Then no further cell is begun: the cache of compilers was empty.


def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, text=True, errors="replace", stdin=subprocess.DEVNULL,
                              **({"capture_output": True} | more))
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1]


def test(cell: str, tests: str, jobs: int, leave_out: str) -> tuple[str, str, str]:
    """What was found (Python and compiler), the result, and where more is told."""
    make, compiler = CELLS[cell]
    place = make()
    place.prepare()
    if place.call([compiler, "--version"]).returncode != 0:
        raise Missing(f"there is no {compiler}")
    versions = [place.call([place.python, "-c", "import platform; print(platform.python_version())"]).stdout.strip(),
                compiler + " " + place.call([compiler, "-dumpfullversion", "-dumpversion"]).stdout.strip()]
    what = ", ".join(versions)
    log = ROOT / "build" / "matrix" / f"{cell}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    build = str(place.build(cell))
    launcher = [] if place.call(["ccache", "--version"]).returncode else ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    debug = ["-DCMAKE_CXX_FLAGS=-fno-canonical-system-headers"] if cell.endswith("debug") else []
    steps = {
        "configure": ["cmake", "-S", str(place.source()), "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                      "-DADDER_CHECKED=ON", "-DADDER_BUILD_TESTS=ON", "-DADDER_BUILD_EXAMPLES=OFF",
                      "-DADDER_BUILD_BENCHMARKS=OFF", f"-DADDER_TEST_FOLDERS={tests}",
                      f"-DCMAKE_CXX_COMPILER={compiler}", f"-DPython_EXECUTABLE={place.python}", *launcher, *debug],
        "build": ["cmake", "--build", build, "-j", str(jobs)],
        "tests": ["ctest", "--test-dir", build, "-j", str(jobs), "--output-on-failure",
                  *(["-E", leave_out] if leave_out else [])],
    }
    with open(log, "w", encoding="utf-8") as out:
        for step, command in steps.items():
            done = place.call(command, capture_output=False, stdout=out, stderr=subprocess.STDOUT)
            if done.returncode != 0 and step != "tests":
                return what, f"{step} failed", str(log)
    text = log.read_text(encoding="utf-8", errors="replace")
    summary = re.search(r"tests passed, (\d+) tests failed out of (\d+)", text)
    if summary is None:
        return what, "no test was run", str(log)
    failed, total = int(summary[1]), int(summary[2])
    skipped = len(re.findall(r"^\s+\d+ - \S+ \((?:Skipped|Not Run)\)$", text, re.MULTILINE))
    result = f"{total - failed - skipped} passed" + (f", {skipped} skipped" if skipped else "")
    if failed:
        names = re.findall(r"^\s+\d+ - (\S+) \((?:Failed|Timeout|SEGFAULT|Subprocess aborted|Not Run)\)$", text,
                           re.MULTILINE)
        result += f", {failed} failed: " + " ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return what, result, str(log) if failed else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", help="parts of their names")
    parser.add_argument("--list", action="store_true", help="print the names of the cells")
    parser.add_argument("--tests", default=TESTS, help=f"folders of tests/ (default: {TESTS})")
    # compile_fail_* is the other compiler, which has a cell of its own.
    parser.add_argument("--leave-out", metavar="REGEX", default="^compile_fail_",
                        help="tests, by their names (default: %(default)s)")
    parser.add_argument("--ci", action="store_true", help="a part of " + " and ".join(CI))
    parser.add_argument("--json", metavar="FILE", help="write the table there as well")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    cells = [cell for cell in CELLS if not given.cells or any(part in cell for part in given.cells)]
    if given.ci:
        cells = list(CI)
    if not cells:
        parser.error(f"no cell is called like that: there are {', '.join(CELLS)}")
    if given.list:
        print("\n".join(cells))
        return
    rows = []
    started = time.monotonic()
    for cell in cells:
        begun = time.monotonic()
        try:
            if given.ci and begun - started > CI_SECONDS:
                raise Missing(f"the cells before it took {begun - started:.0f} s")
            folders, leave_out = CI[cell] if given.ci else (given.tests, given.leave_out)
            what, result, more = test(cell, folders, given.jobs, leave_out)
        except Missing as why:
            what, result, more = "", f"skipped: {why}", ""
        rows.append({"cell": cell, "found": what, "result": result, "log": more,
                     "seconds": round(time.monotonic() - begun)})
        print(f"{cell}: {what or '-'}: {result} ({rows[-1]['seconds']} s)", file=sys.stderr, flush=True)
    print("| cell | Python, compiler | result |\n|---|---|---|")
    for row in rows:
        print(f"| {row['cell']} | {row['found']} | {row['result']} |")
    for row in rows:
        if row["log"]:
            print(f"{row['cell']}: see {row['log']}")
            if given.ci:
                print(*pathlib.Path(row["log"]).read_text(errors="replace").splitlines()[-200:], sep="\n")
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    results = [row["result"] for row in rows if not row["result"].startswith("skipped: ")]
    sys.exit(any("failed" in result or result == "no test was run" for result in results))


if __name__ == "__main__":
    main()
