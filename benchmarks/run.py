# SPDX-License-Identifier: MIT
"""Measures adder beside the bare C API and prints the tables; README.md says how to read them.

Needs a build of the target `benchmarks`; the standard library is enough. What is missing (Google Benchmark, valgrind, a
compiler) leaves its cells empty.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
COUNTS = 1000, 3000  # repetitions of the two runs whose difference callgrind's count is taken from
FEW = 10, 30  # the same for tasks on 10 MB


class Build:
    """The build folder: what was built, by what, and how to start it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve() / "benchmarks"
        try:
            facts = json.loads((self.folder / "benchmarks.json").read_text())
        except FileNotFoundError:
            sys.exit(f"{folder} is not a build folder with benchmarks: cmake --preset release && "
                     "cmake --build --preset release --target benchmarks")
        self.python = facts["python"]
        self.strip = facts["strip"] or "strip"
        self.includes = [facts["include"], *filter(None, facts["python_include"])]
        self.programs = [self.folder / program for program in filter(None, facts["programs"])]
        self.checked = facts["checked"] == "ON" or (facts["checked"] == "AUTO" and facts["build_type"] == "Debug")
        self.comparable = facts["build_type"] == "Release" and not self.checked and not facts["sanitize"]
        about = "import platform, sys; print(sys.base_prefix); print(platform.python_version())"
        home, version = self.output([self.python, "-c", about], os.environ).split()
        self.title = f"{os.cpu_count()}-core {os.uname().machine}, CPython {version}, {facts['compiler']}"
        # Programs would derive their standard library from the first python3 on PATH. Hashes are fixed because the
        # number of instructions would follow them.
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONHOME": home, "PYTHONPATH": str(self.folder), "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1",
        }

    def output(self, command, environment=None):
        done = subprocess.run([str(word) for word in command], env=environment or self.environment, text=True,
                              capture_output=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def calls(self, *arguments):
        """The command for calls.py; -S saves instructions under callgrind."""
        return [self.python, "-S", HERE / "calls.py", *arguments]


# --- nanoseconds ------------------------------------------------------------------------------------------------------


def native_times(build, program, runs):
    """{entry: least CPU nanoseconds}. Repetitions of all entries are mixed: a disturbance hits both of a pair."""
    report = json.loads(build.output([
        program, f"--benchmark_repetitions={runs}", "--benchmark_enable_random_interleaving=true",
        "--benchmark_min_time=0.02", "--benchmark_format=json"]))
    least = {}
    for run in report["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"].split("/")[0]
            least[name] = min(least.get(name, float("inf")), run["cpu_time"])
    return least


# --- instructions -----------------------------------------------------------------------------------------------------


def instructions(build, command, counts=COUNTS):
    """What one execution costs; command(n) runs n. Start and set-up cancel out."""
    totals = []
    for count in counts:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command(count))],
            env=build.environment, text=True, capture_output=True)
        collected = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or collected is None:
            sys.exit(f"callgrind failed: {done.stderr}")
        totals.append(int(collected[1]))
    return (totals[1] - totals[0]) / (counts[1] - counts[0])


# --- tables -----------------------------------------------------------------------------------------------------------


class Cells:
    """ns and Ir of both sides of one task."""

    def __init__(self):
        self.ns, self.ir = [None, None], [None, None]


def ratio(pair):
    return f"{pair[0] / pair[1]:.2f}" if None not in pair and pair[1] > 0 else ""


def number(value, digits):
    return "" if value is None else f"{value:,.{digits}f}"


def render(header, rows, markdown):
    rows = [header, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    pad = lambda row: [cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))]
    if markdown:
        rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
        lines = ["| " + " | ".join(pad(row)) + " |" for row in rows]
        return "\n".join([lines[0], f"|{rule}|", *lines[1:]])
    return "\n".join("  ".join(pad(row)).rstrip() for row in rows)


def task_rows(tasks):
    for name, cells in tasks.items():
        yield [name, number(cells.ns[0], 1), number(cells.ns[1], 1), ratio(cells.ns),
               number(cells.ir[0], 1), number(cells.ir[1], 1), ratio(cells.ir)]


TASK_HEADER = ["task", "ns adder", "ns C API", "ratio", "Ir adder", "Ir C API", "ratio"]


def measure_tasks(build, options):
    """[(title, {task: Cells})]."""
    wanted = re.compile(options.filter).search
    sections, jobs = [], []
    for program in build.programs:
        tasks = {}
        times = native_times(build, program, options.runs)
        for entry in build.output([program, "--list"]).split():
            name = entry.removesuffix("_capi")
            if wanted(name):
                side, cells = int(name != entry), tasks.setdefault(name, Cells())
                cells.ns[side] = times[entry]
                counts = FEW if "10mb" in name else COUNTS
                jobs.append((cells, side, lambda count, p=program, e=entry: [p, "--count", e, count], counts))
        sections.append((f"C++: {program.name}", tasks))
    tasks = {}
    for name, sides in json.loads(build.output(build.calls("--time", options.runs))).items():
        if wanted(name):
            cells = tasks[name] = Cells()
            for side, (module, time) in enumerate(sides.items()):
                cells.ns[side] = time
                command = lambda count, n=name, m=module: build.calls("--count", n, count, m)
                jobs.append((cells, side, command, COUNTS))
    sections.append(("calls from Python", tasks))
    if options.callgrind:
        with ThreadPoolExecutor(options.jobs) as pool:
            for (cells, side, *_), result in zip(jobs, pool.map(lambda job: instructions(build, *job[2:]), jobs)):
                cells.ir[side] = result
    return [(title, tasks) for title, tasks in sections if tasks]


# --- what users feel first --------------------------------------------------------------------------------------------


def user_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compile_rows(build, runs):
    sources = {
        "adder.cpp": '#include "adder/adder.hpp"\n',
        "capi.cpp": "#include <Python.h>\n#include <string>\n#include <utility>\n",
    }
    includes = [f"-isystem{folder}" for folder in build.includes]
    flags = ["-std=c++20", "-O2", "-DNDEBUG", *includes, "-c", "-o", os.devnull]
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, name) for name in sources]
        for path in paths:
            path.write_text(sources[path.name])
        for compiler in filter(shutil.which, ("g++", "clang++")):
            least = [float("inf")] * 2
            for _ in range(runs):
                for side, path in enumerate(paths):
                    least[side] = min(least[side], user_seconds([compiler, *flags, str(path)]))
            yield [f"compile the includes alone, {compiler} -O2, s", *(number(x, 2) for x in least), ratio(least)]


def size_rows(build):
    for title, stem in (("module with one function", "hello"), ("module of the table above", "bench")):
        sizes = []
        with tempfile.TemporaryDirectory() as folder:
            for side in ("adder", "capi"):
                name = f"{stem}_{side}" + ("_ext" if stem == "bench" else "")
                [module] = build.folder.glob(f"{name}.*so")
                stripped = pathlib.Path(folder, module.name)
                build.output([build.strip, "-o", stripped, module])
                sizes.append(stripped.stat().st_size)
        yield [f"{title}, bytes stripped", *(number(x, 0) for x in sizes), ratio(sizes)]


def smoke(build):
    build.output(build.calls("--check"))
    entries = 0
    for program in build.programs:
        for entry in build.output([program, "--list"]).split():
            build.output([program, "--count", entry, 10])
            entries += 1
    print(f"{entries} C++ entries and the calls from Python run")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release", help="build folder of the target `benchmarks`")
    parser.add_argument("--markdown", metavar="FILE", type=pathlib.Path, help="also write the tables to FILE")
    parser.add_argument("--runs", type=int, default=9, help="times are the least of so many runs (at least 7)")
    parser.add_argument("--filter", default="", metavar="REGEX", help="only tasks whose name matches")
    parser.add_argument("--jobs", type=int, default=2, help="callgrind processes at a time")
    parser.add_argument("--no-callgrind", dest="callgrind", action="store_false", help="nanoseconds only")
    parser.add_argument("--no-compile", dest="compile", action="store_false", help="leave out compile time and size")
    parser.add_argument("--smoke", action="store_true", help="run everything once and measure nothing")
    options = parser.parse_args()
    build = Build(options.build)
    if options.smoke:
        return smoke(build)
    if options.runs < 7:
        parser.error("--runs must be at least 7")
    if not build.comparable:
        print("This is no unchecked Release build: the figures say little.", file=sys.stderr)
    if not build.programs:
        print("The build has no C++ programs (see what cmake said): calls from Python only.", file=sys.stderr)
    if options.callgrind and shutil.which("valgrind") is None:
        print("valgrind is missing: no instruction counts.", file=sys.stderr)
        options.callgrind = False

    tables = [(title, TASK_HEADER, list(task_rows(tasks))) for title, tasks in measure_tasks(build, options)]
    if options.compile:
        rows = [*compile_rows(build, options.runs), *size_rows(build)]
        tables.append(("compile time and size", ["", "adder", "C API", "ratio"], rows))
    print(build.title)
    for title, header, rows in tables:
        print(f"\n{title}\n{render(header, rows, markdown=False)}")
    if options.markdown:
        parts = [build.title]
        parts += (f"### {title}\n\n{render(header, rows, markdown=True)}" for title, header, rows in tables)
        options.markdown.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    sys.exit(main())
