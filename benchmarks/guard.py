#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where adder has become slower or larger beside the C API than guard.json says.

    python3 benchmarks/guard.py --cache build/dev/benchmarks
    python3 benchmarks/guard.py --record        after a change that is worth what it costs, or that has made it better

Only what is the same on each run counts: instructions of the tasks that tasks.py calls core, and the bytes of a module
with one function. A ratio that is 3 % above the recorded one fails. The ratios are those of one Python and one compiler;
with others there is nothing to compare with.
"""

import argparse
import json
import pathlib
import shutil
import sys

import generate
from measuring import Measurement, Progress
from peers import SOURCES, Builder, Python, have_peers, run
from tasks import ADDER, CAPI, TASKS

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "guard.json"
ALLOWED = 1.03


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(0)


def module_bytes(builder, peer):
    """Of a module with one function, stripped."""
    name = f"hello_{peer.name}"
    source = builder.folder / f"{name}.cpp"
    text = generate.source(generate.Small("hello"), peer.name, name)
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    builder.module(name, peer, [source], ["-Os", "-ffunction-sections", "-fdata-sections"])
    stripped = builder.folder / f"{name}.stripped"
    run(["strip", "-o", stripped, builder.folder / f"{name}.so"])
    return stripped.stat().st_size


def measure(builder, python, jobs):
    """{what: ratio of adder to the C API}."""
    peers = have_peers([CAPI, ADDER], builder.cache, python.free_threaded)
    have = builder.areas(peers, ["calls"], jobs, Progress(2, quiet=True))
    if any("calls" not in areas for areas in have.values()):
        sys.exit("the modules do not compile")
    builder.marks()
    core = [task for task in TASKS if task.core and task.area == "calls"]
    measurement = Measurement(builder, python, have)
    measurement.check(core)
    adder, capi = (measurement.instructions(peer, core) for peer in (ADDER, CAPI))
    ratios = {f"instructions: {task.name}": round(adder[task.name] / capi[task.name], 3) for task in core}
    sizes = {peer.name: module_bytes(builder, peer) for peer in peers}
    return ratios | {"bytes: a module with one function": round(sizes[ADDER] / sizes[CAPI], 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="write what is measured to guard.json")
    parser.add_argument("--python", default=sys.executable, metavar="EXE")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cache", type=pathlib.Path, default=HERE.parent / "build/benchmarks", metavar="FOLDER")
    options = parser.parse_args()
    for tool in ("valgrind", "strip", options.compiler):
        if shutil.which(tool) is None:
            skip(f"{tool} is missing")
    if not pathlib.Path("/usr/include/valgrind/callgrind.h").exists():
        skip("valgrind's header callgrind.h is missing")
    python = Python(options.python)
    options.cache.mkdir(parents=True, exist_ok=True)
    builder = Builder(options.cache.resolve(), options.compiler, python)
    # Another patch release has the same instructions where it matters; another minor one has not.
    here = {"python": ".".join(python.version.split(".")[:2]), "compiler": builder.compiler_name.rpartition(".")[0]}
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if not options.record:
        for what, found in here.items():
            if recorded[what] != found:
                skip(f"what is recorded is of {what} {recorded[what]}, and this is {found}")
        if python.free_threaded:
            skip("what is recorded is of a Python with a GIL")
    ratios = measure(builder, python, options.jobs)
    if options.record:
        RECORD.write_text(json.dumps({**here, "ratios": ratios}, indent=2) + "\n")
        return
    worse = []
    for what, ratio in ratios.items():
        before = recorded["ratios"].get(what)
        mark = ""
        if before is None:
            worse.append(what)
            mark = "not recorded"
        elif ratio > before * ALLOWED:
            worse.append(what)
            mark = "WORSE"
        elif ratio * ALLOWED < before:
            mark = "better: record it"
        print(f"{ratio:7.3f}  recorded {before}  {what}  {mark}".rstrip())
    if missing := recorded["ratios"].keys() - ratios:
        sys.exit(f"recorded, but not measured: {', '.join(missing)}")
    if worse:
        sys.exit(f"more than {ALLOWED - 1:.0%} worse than recorded: {', '.join(worse)}. If that is meant: "
                 "python3 benchmarks/guard.py --record")


if __name__ == "__main__":
    main()
