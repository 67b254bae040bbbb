#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures adder beside the C API by hand and beside its peers, task by task, and prints the tables.

    python3 benchmarks/compare.py            everything
    python3 benchmarks/compare.py --quick    instructions only, of the tasks, and the smallest static part
    python3 benchmarks/compare.py --only 'keyword|list'

Builds what it needs into a cache folder. Before a number is believed all peers have to do the same. What is missing (a
peer, valgrind, numpy, matplotlib) is named, and its cells are left out. README.md says how to read the tables.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import sys

import static
from measuring import Measurement, Progress
from peers import Builder, BuildError, Python, have_peers, run
from tables import means, number, render, summary, task_table
from tasks import AREAS, PEERS, TASKS

HERE = pathlib.Path(__file__).resolve().parent


# --- the program --------------------------------------------------------------------------------------------------------


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="instructions only, and no static part")
    parser.add_argument("--only", default="", metavar="REGEX",
                        help="only tasks whose name or group matches; with --no-tasks, what is compiled")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="also write the tables there")
    parser.add_argument("--charts", type=pathlib.Path, metavar="FOLDER", help="also draw the means, as SVG and PNG")
    parser.add_argument("--python", default=sys.executable, metavar="EXE", help="the Python to measure in")
    parser.add_argument("--peers", default=",".join(PEERS), metavar="NAMES", help="%(default)s by default")
    parser.add_argument("--compiler", default="g++", help="for the tasks; the static part takes g++ and clang++")
    parser.add_argument("--runs", type=int, default=7, help="times are the least of so many (at least 7)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how much is done at once; times are taken alone")
    parser.add_argument("--cache", type=pathlib.Path, default=HERE.parent / "build/benchmarks", metavar="FOLDER")
    parser.add_argument("--no-time", dest="time", action="store_false", help="no nanoseconds")
    parser.add_argument("--no-tasks", dest="tasks", action="store_false", help="the static part alone")
    parser.add_argument("--no-static", dest="static", action="store_false", help="the tasks alone")
    parser.add_argument("--check", action="store_true", help="build without optimisation, compare, and measure nothing")
    options = parser.parse_args(arguments)
    if options.runs < 7:
        parser.error("--runs must be at least 7")
    options.cache = options.cache.resolve()
    options.static = options.static and not options.quick and not options.check and not (options.only and options.tasks)
    options.time = options.time and not options.quick and not options.check
    return options


def measure_tasks(options, python, peers, builder, document):
    """Adds {task: {peer: {"instructions", "ns"}}} to the document, and returns the sections of the text."""
    wanted = [task for task in TASKS if re.search(options.only, task.name) or re.search(options.only, task.group)]
    areas = [area for area in AREAS if any(task.area == area for task in wanted)]
    if "arrays" in areas and not python.packages:
        print("numpy is missing: no arrays", file=sys.stderr)
    builds = sum(peer.name in AREAS[area] for peer in peers for area in areas)
    counting = not options.check and shutil.which("valgrind") is not None
    if not counting and not options.check:
        print("valgrind is missing: no instructions", file=sys.stderr)
    progress = Progress(builds + 1 + counting * (len(peers) + 1) + options.time * len(areas))
    have = builder.areas(peers, areas, options.jobs, progress)
    peers = [peer for peer in peers if have[peer.name]]
    measurement = Measurement(builder, python, have)
    wanted = [task for task in wanted if any(task.area in areas for areas in have.values())]
    measurement.check(wanted)
    progress.step(f"all do the same in {len(wanted)} tasks")
    if options.check:
        return []
    results = {task.name: {} for task in wanted}
    if counting:
        builder.marks()
        for peer in peers:
            for name, count in measurement.instructions(peer.name, wanted).items():
                results[name].setdefault(peer.name, {})["instructions"] = count
            progress.step(f"counted {peer.title}")
    if options.time:
        for area in areas:
            for name, sides in measurement.times([task for task in wanted if task.area == area], options.runs).items():
                for peer, least in sides.items():
                    results[name].setdefault(peer, {})["ns"] = least
            progress.step(f"took the time of {area}")
    document["tasks"] = {task.name: {"group": task.group, "flag": task.flag, "peers": results[task.name]} for task in wanted}
    sections = []
    for unit in ["instructions"] * counting + ["ns"] * options.time:
        sections.append(summary(results, wanted, peers, unit))
        document.setdefault("means", {})[unit] = means(results, wanted, peers, unit)
        for group in dict.fromkeys(task.group for task in wanted):
            of_group = [task for task in wanted if task.group == group]
            sections.append(f"### {group}, {unit}\n\n{task_table(results, of_group, peers, unit)}")
    if "calls" in areas and not options.quick and not options.only:
        document["memory"] = {peer.name: round(measurement.worker("memory", [peer.name], [], 1_000_000), 1)
                              for peer in peers if "calls" in have[peer.name]}
        sections.append("### Bytes of an instance with 8 bytes of data, a million alive\n\n" + render(
            ["", *(peer.title for peer in peers if peer.name in document["memory"])], [
                ["bytes", *(number(document["memory"][peer.name], 1) for peer in peers if peer.name in document["memory"])]]))
    return sections


def measure_threads(options, python, peers, builder, document):
    """The section about two threads, on a Python without a GIL."""
    progress = Progress(len(peers) + 1)
    have = builder.areas(peers, ["threads"], options.jobs, progress)
    shown = [peer for peer in peers if "threads" in have[peer.name]]
    plan = json.dumps({"path": [str(builder.folder)], "peers": [peer.name for peer in shown], "calls": 50_000,
                       "runs": options.runs})
    document["threads"] = json.loads(run([python.executable, "-S", HERE / "threads.py", plan], env=python.environment).stdout)
    progress.step("two threads")
    rows = [[name, *(f"{number(cells[peer.name][0], 1)} ({cells[peer.name][1]:.2f}, {cells[peer.name][2]:.2f})"
                     for peer in shown)] for name, cells in document["threads"].items()]
    return ["### Two threads: ns in one (times as much by two: clock, processor)\n\n" +
            render(["", *(peer.title for peer in shown)], rows)]


def main(arguments=None):
    options = parse(arguments)
    python = Python(options.python)
    options.cache.mkdir(parents=True, exist_ok=True)
    peers = have_peers(options.peers.split(","), options.cache, python.free_threaded)
    builder = Builder(options.cache, options.compiler, python, options.check)
    titles = ", ".join(peer.title for peer in peers)
    about = f"{os.cpu_count()}-core {os.uname().machine}, CPython {python.version}, {builder.compiler_name}; {titles}"
    document = {"about": about, "python": python.version, "compiler": builder.compiler_name}
    sections = []
    try:
        if options.tasks:
            sections += measure_tasks(options, python, peers, builder, document)
        if options.time and python.free_threaded and not options.only and not options.check:
            sections += measure_threads(options, python, peers, builder, document)
        if options.static:
            sections += static.measure(options, python, peers, document)
    except BuildError as error:
        sys.exit(str(error))
    text = "\n\n".join([about, *sections])
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n")
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n")
    if options.charts:
        import charts

        charts.draw(document, peers, options.charts)


if __name__ == "__main__":
    sys.exit(main())
