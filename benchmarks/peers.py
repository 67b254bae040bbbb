# SPDX-License-Identifier: MIT
"""Measures calls from Python: adder, nanobind, pybind11 and the bare C API with conversions of containers; with
--parts, adder, nanobind, pybind11 and a copying getter with what is inside an object; with --sharing, adder, nanobind and
pybind11 with objects that C++ owns too; with --arrays all of them with arrays of numpy, which Python needs then.

Needs a build of the target `benchmarks`, which knows the Python. The peers' packages are downloaded and unpacked below
the build folder, never installed, or are those of PyPI in a virtual environment there; a peer that cannot be had is
named and left out. One small module for each, from peers/*.cpp, is compiled there with the same flags.
"""

import argparse
import json
import pathlib
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import peer_calls
import run
from peer_packages import from_pypi, stand_in, unpack

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=c++20", "-O2", "-DNDEBUG", "-fvisibility=hidden", "-fPIC", "-shared"]


def version(header, *macros):
    """"2.10.3" of `#define PYBIND11_VERSION_MAJOR 2` and so on."""
    text = header.read_text()
    found = (re.search(rf"#\s*define {macro}\s+(\w+)", text) for macro in macros)
    return ".".join(match[1] for match in found if match)


class Module:
    """A peer's extension module."""

    def __init__(self, name, title, flags=(), sources=(), kind="peer", source=None):
        self.name, self.title, self.flags = f"{kind}_{name}", title, list(flags)
        self.sources = [HERE / "peers" / f"{kind}_{source or name}.cpp", *sources]
        if kind == "arrays":
            self.flags.append("-O3")  # Or g++ 12 does not vectorise a loop.


def adder(build):
    return Module("adder", "adder", [f"-I{build.includes[0]}"])


def nanobind(options):
    needed = ["nanobind-dev", "robin-map-dev"]
    if options.nanobind:
        stand_in("nanobind-dev", options.nanobind, options.packages)
        needed.pop()  # The tree brings its own, of the version that it wants.
    root = unpack(needed, options.packages)
    if root is None:
        print("nanobind is left out; --nanobind FOLDER takes a source tree of it")
        return None
    return nanobind_in(root / "usr/share/nanobind", root / "usr/include", "peer")


def nanobind_in(share, robin_map, kind):
    number = version(share / "include/nanobind/nanobind.h", "NB_VERSION_MAJOR", "NB_VERSION_MINOR", "NB_VERSION_PATCH")
    return Module("nanobind", f"nanobind {number}",
                  ["-fno-strict-aliasing", f"-I{share / 'include'}", f"-I{share / 'ext/robin_map/include'}",
                   f"-I{robin_map}"],
                  [share / "src/nb_combined.cpp"], kind)


def pybind11(options):
    root = unpack(["pybind11-dev"], options.packages)
    if root is None:
        print("pybind11 is left out")
        return None
    return pybind11_in(root / "usr/include", "peer")


def pybind11_in(include, kind):
    number = version(include / "pybind11/detail/common.h", "PYBIND11_VERSION_MAJOR", "PYBIND11_VERSION_MINOR",
                     "PYBIND11_VERSION_PATCH", "PYBIND11_VERSION_MICRO")
    return Module("pybind11", f"pybind11 {number}", [f"-I{include}"], kind=kind)


def modules_of_kind(build, options, kind):
    """Of --parts, --sharing and --arrays: the peers are those of PyPI, as older ones have no views of containers."""
    adder_flags = [f"-I{build.includes[0]}"]
    modules = [Module("adder", "adder", adder_flags, kind=kind)]
    place = from_pypi(["nanobind", "pybind11"], options.packages)
    if place is not None:
        modules += [nanobind_in(place / "nanobind", place / "nanobind/include", kind),
                    pybind11_in(place / "pybind11/include", kind)]
    if kind == "parts":
        modules += [Module("copy", "adder, copying", [*adder_flags, "-DPARTS_COPY"], kind=kind, source="adder")]
    if kind == "arrays":
        modules += [Module("numpy", f"numpy {build.numpy_version}", kind=kind),
                    Module("capi", "C API", [f"-isystem{build.numpy_include}"], kind=kind)]
    return modules


def find_numpy(build):
    """What build.python imports; it runs without site-packages then, so that these get onto its path."""
    about = "import numpy; print(numpy.__version__, numpy.get_include(), numpy.__path__[0], sep='\\n')"
    build.numpy_version, build.numpy_include, place = build.output([build.python, "-c", about]).split("\n")[:3]
    build.environment["PYTHONPATH"] += f":{HERE / 'peers'}:{pathlib.Path(place).parent}"


def compiled(build, module, folder, compiler):
    """Whether there is a module now; says so where there is none."""
    if module.name == "arrays_numpy":
        return True  # It is Python.
    target = folder / f"{module.name}.so"
    includes = [f"-isystem{path}" for path in build.includes[1:]]
    command = [compiler, *FLAGS, *includes, *module.flags, "-o", target, *module.sources]
    try:
        build.output(command)
    except SystemExit as failure:
        print(f"{module.title} is left out, its module does not compile:\n{failure}")
        return False
    return True


def measure(build, modules, options):
    """{task: {module: [ns, Ir]}}."""
    names = ",".join(module.name for module in modules)
    command = lambda *arguments: [build.python, "-S", HERE / "peer_calls.py", names, *arguments]
    build.output(command("--check"))
    times = json.loads(build.output(command("--time", options.runs)))
    results = {task: {name: [least, None] for name, least in sides.items()} for task, sides in times.items()
               if re.search(options.filter, task)}
    if options.callgrind:
        jobs = [(task, name) for task, sides in results.items() for name in sides]
        counts = lambda task: run.FEW if task in peer_calls.LARGE else run.COUNTS
        count = lambda job: run.instructions(build, lambda n: command("--count", job[0], n, job[1]), counts(job[0]))
        with ThreadPoolExecutor(options.jobs) as pool:
            for (task, name), result in zip(jobs, pool.map(count, jobs)):
                results[task][name][1] = result
    return results


def rows(results, modules):
    """ns, Ir and the ratio of the Ir to the C API's, or to adder's where that is not there; of the ns where nothing was counted."""
    reference = modules[-1 if modules[-1].name.endswith("_capi") else 0].name
    for task, sides in results.items():
        cells = [task]
        for module in modules:
            if module.name not in sides:
                cells += [""] * 3
                continue
            ns, ir = sides[module.name]
            column = 0 if ir is None else 1
            ratio = run.ratio([sides[module.name][column], sides[reference][column]])
            cells += [run.number(ns, 0), run.number(ir, 0), ratio]
        yield cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release", help="build folder of the target `benchmarks`")
    parser.add_argument("--packages", metavar="FOLDER", type=pathlib.Path, default=HERE.parent / "build/peers",
                        help="where the peers' packages are unpacked")
    parser.add_argument("--nanobind", metavar="FOLDER", type=pathlib.Path,
                        help="a source tree of nanobind with its submodule, for releases without the package")
    parser.add_argument("--parts", action="store_true", help="what is inside an object, instead of conversions")
    parser.add_argument("--sharing", action="store_true", help="what C++ owns too, instead of conversions")
    parser.add_argument("--arrays", action="store_true", help="arrays of numpy, instead of conversions")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--runs", type=int, default=9, help="times are the least of so many runs")
    parser.add_argument("--filter", default="", metavar="REGEX", help="only tasks whose name matches")
    parser.add_argument("--jobs", type=int, default=2, help="callgrind processes at a time")
    parser.add_argument("--no-callgrind", dest="callgrind", action="store_false", help="nanoseconds only")
    parser.add_argument("--markdown", metavar="FILE", type=pathlib.Path, help="also write the table to FILE")
    options = parser.parse_args()
    build = run.Build(options.build)
    if options.callgrind and shutil.which("valgrind") is None:
        print("valgrind is missing: no instruction counts, the ratios are of nanoseconds.")
        options.callgrind = False

    folder = build.folder / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    build.environment["PYTHONPATH"] = str(folder)
    kind = "parts" if options.parts else "sharing" if options.sharing else "arrays" if options.arrays else "peer"
    if kind == "arrays":
        find_numpy(build)
    wanted = modules_of_kind(build, options, kind) if kind != "peer" else [
        adder(build), nanobind(options), pybind11(options), Module("capi", "C API")]
    modules = [module for module in wanted if module and compiled(build, module, folder, options.compiler)]
    with_capi = modules[-1].name.endswith("_capi")
    if kind == "peer" and not with_capi:
        sys.exit("Without the C API there is nothing to compare with.")
    header = ["task", *(f"{column} {module.title}" if column != "ratio" else column
                        for module in modules for column in ("ns", "Ir", "ratio"))]
    # One column would be C API by C API, or adder by adder.
    same = len(header) - 1 if with_capi else 3
    table = [[*row[:same], *row[same + 1:]] for row in (header, *rows(measure(build, modules, options), modules))]
    print(f"{build.title}\n\n{run.render(table[0], table[1:], markdown=True)}")
    if options.markdown:
        options.markdown.write_text(f"{build.title}\n\n{run.render(table[0], table[1:], markdown=True)}\n")


if __name__ == "__main__":
    sys.exit(main())
