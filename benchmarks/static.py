# SPDX-License-Identifier: MIT
"""What bindings cost to compile, to carry and to import: the part of compare.py that runs compilers.

Modules are linked, stripped, imported and called. Seconds are CPU time of one compilation and follow what else the machine
does; bytes and instructions do not.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import generate
from generate import SMALL, SUM, VALUES, Small, Task
from measuring import Measurement, Progress
from peers import SOURCES, Builder, BuildError, Peer, run
from tables import number, render
from tasks import ADDER, CYTHON, NANOBIND, PYBIND11, PYO3

HERE = pathlib.Path(__file__).resolve().parent
PUBLIC = HERE.parent / "include/adder"
# adder as CMake builds it: its plain functions are compiled once for a build, and not in each module.
CORE = "core"
SPECIAL_CLASSES = re.compile("class/detail/(containers|data_class|enum_table|generator|overridable|part_link|pickle|shared_from)_inl")


@dataclasses.dataclass(frozen=True)
class Job:
    """One compilation."""

    what: object
    peer: str
    compiler: str
    level: str

    @property
    def module(self):
        return f"{self.what.stem}_{self.peer}"


def jobs_of(peers, compilers):
    """All that is compiled, with what a table is about."""
    few = [peer for peer in peers if peer != PYBIND11]
    two = [peer for peer in peers if peer in (ADDER, CORE, NANOBIND)]
    first = compilers[0]
    for compiler in compilers:
        for level in ("-Os", "-O2", "-O0"):
            for kind in SMALL:
                yield from (Job(Small(kind), peer, compiler, level) for peer in peers)
        yield from (Job(Task("functions", 720), peer, compiler, "-Os") for peer in (peers if compiler == first else few))
        yield from (Job(Task(kind, 720), peer, compiler, "-Os") for kind in ("classes", "subclassable")
                    for peer in (few if kind == "classes" else two))
    for level in ("-O2", "-O0"):
        yield from (Job(Task("functions", 720), peer, first, level) for peer in two)
    for count in (1, 10, 100, 1000):
        yield from (Job(Task("functions", count), peer, first, "-Os") for peer in (few if count in (1, 100) else two))
    for count in (1, 100):
        yield from (Job(Task("classes", count), peer, first, "-Os") for peer in few)


class Compiler:
    def __init__(self, options, python, peers, name):
        self.python, self.peers, self.name = python, {peer.name: peer for peer in peers}, name
        self.cache = options.cache / "static" / pathlib.Path(name).name
        self.runtimes = {}  # {(peer, level): object files}

    def flags(self, job):
        # The same for all. Without a stack protector, as nanobind's CMake files have it.
        return [self.name, job.level, "-DNDEBUG", "-fPIC", "-fvisibility=hidden", "-fno-stack-protector", "-w",
                "-ffunction-sections", "-fdata-sections", f"-isystem{self.python.include}", *self.peers[job.peer].flags]

    def runtime(self, job):
        """The peer's own code, which does not count as compiling a module."""
        if (job.peer, job.level) in self.runtimes:
            return self.runtimes[job.peer, job.level]
        peer = self.peers[job.peer]
        if not peer.runtime:
            return []
        sources, flags = peer.runtime
        words = []
        for source in sources if peer.name == CORE else [sources]:
            target = self.cache / f"{peer.title.replace(' ', '_')}_{pathlib.Path(source).stem}{job.level}.o"
            if not target.exists() or peer.name == CORE:  # Which is what changes.
                run([*self.flags(job), "-DNB_COMPACT_ASSERTIONS", *flags, "-c", source, "-o", target])
            words.append(target)
        if peer.name == CORE:  # As adder_use_core of cmake/adderModule.cmake links it.
            library = self.cache / f"libadder_core{job.level}.a"
            library.unlink(missing_ok=True)
            run(["ar", "rcs", library, *words])
            words = [library, f"-Wl,--exclude-libs,{library.name}"]
        return self.runtimes.setdefault((job.peer, job.level), words)

    def measure(self, job):
        """{"seconds", "mebibytes", "bytes"}, or None where the peer does not have it."""
        folder = self.cache / job.level
        folder.mkdir(parents=True, exist_ok=True)
        text = generate.source(job.what, ADDER if job.peer == CORE else job.peer, job.module)
        if text is None:
            return None
        source, target, log = (folder / f"{job.module}.{end}" for end in ("cpp", "o", "log"))
        source.write_text(text)
        command = [*self.flags(job), f"-I{SOURCES}", "-c", source, "-o", target]
        seconds = []
        for _ in range(5 if isinstance(job.what, Small) else 1):  # A disturbance is long beside a small module.
            with log.open("w") as output:
                process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=subprocess.STDOUT)
                _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise BuildError(f"{' '.join(map(str, command))}\n{log.read_text()[:2000]}")
            seconds.append(usage.ru_utime + usage.ru_stime)
        shared = folder / f"{job.module}.so"
        run([self.name, "-shared", "-s", "-Wl,--gc-sections", target, *self.runtime(job), "-o", shared])
        run([self.python.executable, "-S", HERE / "static.py", folder, job.module], env=self.python.environment)
        return {"seconds": min(seconds), "mebibytes": usage.ru_maxrss / 1024,
                "bytes": shared.stat().st_size}


def core_of(adder, cache):
    """The peer that is adder with its compiled core, as adder_use_core of cmake/adderModule.cmake makes it."""
    cache.mkdir(parents=True, exist_ok=True)
    files = {}
    for path in sorted(PUBLIC.rglob("*_inl.hpp")):
        name = path.relative_to(PUBLIC.parent)
        layer = name.parts[1]
        own = layer if layer in ("array", "class", "embed", "module", "stl") else "core"
        if SPECIAL_CLASSES.search(str(name)):
            own = "special_classes"
        if layer != "typing":
            files.setdefault(cache / f"adder_{own}.cpp", []).append(f"#include \"{name}\"\n")
    for source, lines in files.items():
        source.write_text("".join(lines))
    return Peer(CORE, "adder, compiled core", [*adder.flags, "-DADDER_COMPILED=1"], (list(files), []))


def header_costs(compilers, python):
    """[(header, {compiler: seconds})], beside what they all include anyway."""
    headers = [path.relative_to(PUBLIC.parent) for path in sorted(PUBLIC.rglob("*.hpp")) if "detail" not in path.parts]
    for header in ["Python.h", *headers]:
        costs = {}
        for compiler in compilers:
            command = [compiler, "-std=c++20", "-w", f"-I{PUBLIC.parent}", f"-isystem{python.include}", "-x", "c++", "-c", "-O0",
                       "-o", os.devnull, "-"]
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
            process.stdin.write(f"#include <{header}>\n".encode())
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            costs[compiler] = usage.ru_utime + usage.ru_stime if process.returncode == 0 else None
        yield str(header), costs


def check(folder, name):
    """Calls the first, a middle and the last binding of a module, rightly and wrongly."""
    sys.path.insert(0, folder)
    module = __import__(name)
    kind, *rest = name.split("_")
    if kind in SMALL:
        made = module.twice(value=4) if kind == "hello" else module.Thing(5)
        assert made == 8 if kind == "hello" else made.method_3(1) == 9 if kind == "methods" else float(made + made) == 10.0
        return
    count = int(rest[0])
    for index in {0, count // 2, count - 1}:
        types = generate.BINDINGS[index % len(generate.BINDINGS)]
        values = [VALUES[type] for type in types]
        if kind in ("classes", "subclassable"):
            call = lambda *arguments, index=index: getattr(module, f"Struct{index:04}")(*arguments).sum()
        else:
            call = getattr(module, f"test_{index:04}")
        assert call(*values) == SUM, f"{name}, {index}: {call(*values)}"
        wrong = types.index("uint16_t")
        too_large = [70000 if i == wrong else value for i, value in enumerate(values)]
        for arguments in (values[:5], ["x", *values[1:]], too_large):
            try:
                call(*arguments)
            except (TypeError, OverflowError):
                continue
            raise AssertionError(f"{name}, {index} takes {arguments}")


# --- tables -----------------------------------------------------------------------------------------------------------


def table(results, jobs, peers, title):
    """A row for each peer; the ratios are to nanobind, whose purpose is to be small, or to adder without it."""
    base = next((results[job] for job in jobs if job.peer == NANOBIND), None) or results.get(jobs[0])
    rows = []
    for job in jobs:
        if cost := results.get(job):
            cells = [peers[job.peer].title]
            for field, digits in (("seconds", 2), ("mebibytes", 0), ("bytes", 0)):
                cells += [number(cost[field], digits), number(cost[field] / base[field], 2)]
            rows.append(cells)
    return f"#### {title}\n\n" + render(["", "compile, s", "ratio", "peak, MiB", "ratio", "bytes", "ratio"], rows)


def measure(options, python, all_peers, document):
    """The sections of the text; the figures go into the document too."""
    peers = {peer.name: peer for peer in all_peers if peer.name not in (CYTHON, PYO3)}
    if ADDER in peers:
        peers = {CORE: core_of(peers[ADDER], options.cache / "static"), **peers}
    compilers = []
    for compiler in ("g++", "clang++"):
        if shutil.which(compiler):
            compilers.append(compiler)
        else:
            print(f"{compiler} is missing: its tables are left out", file=sys.stderr)
    tools = {name: Compiler(options, python, peers.values(), name) for name in compilers}
    jobs = [job for job in jobs_of(list(peers), compilers) if re.search(options.only, f"{job.module} {job.compiler} {job.level}")]
    progress = Progress(len(jobs) + 2)
    for tool in tools.values():  # One after the other: they are shared.
        tool.cache.mkdir(parents=True, exist_ok=True)
        for peer, level in {(job.peer, job.level): None for job in jobs if job.compiler == tool.name}:
            tool.runtime(Job(None, peer, tool.name, level))
    results = {}

    def one(job):
        try:
            results[job] = tools[job.compiler].measure(job)
        except BuildError as error:
            print(f"{job.module}, {job.compiler} {job.level}, is left out:\n{error}", file=sys.stderr)
        progress.step(f"{job.module}, {job.compiler} {job.level}")

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, jobs))
    sections, groups = [], {}
    for job in jobs:
        if results.get(job):
            groups.setdefault((job.what.title, job.compiler, job.level), []).append(job)
    document["static"] = [{"what": job.what.stem, "peer": job.peer, "compiler": job.compiler, "level": job.level, **cost}
                          for job, cost in results.items() if cost]
    for (title, compiler, level), of_group in groups.items():
        sections.append(table(results, of_group, peers, f"{title}, {compiler} {level}"))

    if shutil.which("valgrind"):
        builder = Builder(options.cache, options.compiler, python)
        builder.marks()
        rows, imports = [], {}
        for what in [Task(kind, count) for kind in ("functions", "classes") for count in (1, 100, 720)]:
            row = [what.title]
            for peer in peers:
                job = Job(what, peer, compilers[0], "-Os")
                if not results.get(job):
                    row.append("")
                    continue
                measurement = Measurement(builder, python, {}, [tools[job.compiler].cache / "-Os"])
                try:
                    count = measurement.callgrind("import", [], [job.module])[f"import {job.module}"]
                except BuildError as error:
                    print(f"{job.module}, imported, is left out:\n{error}", file=sys.stderr)
                    row.append("")
                    continue
                imports[job.module] = count
                row.append(number(count))
            if any(row[1:]):
                rows.append(row)
        document["imports"] = imports
        sections += [] if not rows else ["#### Instructions of an import\n\n" + render(["", *(peer.title for peer in peers.values())], rows)]
    progress.step("imported")

    if not re.search(options.only, "headers"):
        return ["### Compiling, carrying, importing", *sections]
    headers = list(header_costs(compilers, python))
    document["headers"] = dict(headers)
    sections.append("#### Including a header, CPU s at -O0\n\n" + render(
        ["", *compilers], [[header, *(number(costs[name], 2) for name in compilers)] for header, costs in headers]))
    progress.step("included each header")
    return ["### Compiling, carrying, importing", *sections]


if __name__ == "__main__":
    check(*sys.argv[1:])
