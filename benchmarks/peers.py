# SPDX-License-Identifier: MIT
"""Where the peers come from, and how their modules are built, into a cache folder that the next run finds again."""

import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from peer_packages import from_pypi, unpack
from tasks import ADDER, AREAS, CAPI, CYTHON, NANOBIND, PYBIND11, PYO3

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "peers"
# The same for all.
FLAGS = ["-O2", "-DNDEBUG", "-fPIC", "-fvisibility=hidden"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


class BuildError(Exception):
    pass


def run(command, **more):
    command = [str(word) for word in command]
    done = subprocess.run(command, text=True, capture_output=True, **more)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done


def version(header, *macros):
    """"2.10.3" of `#define PYBIND11_VERSION_MAJOR 2` and so on."""
    text = header.read_text()
    found = (re.search(rf"#\s*define {macro}\s+(\w+)", text) for macro in macros)
    return ".".join(match[1] for match in found if match)


class Python:
    """The interpreter that is measured."""

    def __init__(self, executable):
        self.executable = shutil.which(executable) or executable
        about = ("import json, sysconfig, platform, sys; print(json.dumps([sysconfig.get_path('include'), "
                 "platform.python_version(), bool(sysconfig.get_config_var('Py_GIL_DISABLED')), sys.hexversion]))")
        # Where numpy is, which `-S` would not find.
        find = ("import importlib.util, os; s = importlib.util.find_spec('numpy'); "
                "print(os.path.dirname(os.path.dirname(s.origin)) if s else '')")
        self.include, self.version, self.free_threaded, self.hexversion = json.loads(
            run([self.executable, "-c", about]).stdout)
        self.packages = run([self.executable, "-c", find]).stdout.strip()
        self.numpy_include = ""
        if self.packages:
            self.numpy_include = run([self.executable, "-c", "import numpy; print(numpy.get_include())"]).stdout.strip()
        # Hashes are fixed because the number of instructions would follow them.
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1",
        }


@dataclasses.dataclass
class Peer:
    name: str
    title: str
    flags: list = dataclasses.field(default_factory=list)
    runtime: tuple = ()  # The source of the peer's own code, and its flags.
    cython: str = ""  # The program that makes C++ of the sources.


def have_peers(wanted, cache, free_threaded):
    """[Peer], the C API first; what cannot be had is named."""
    found = [Peer(CAPI, "C API", ["-std=c++20", f"-I{HERE.parent / 'include'}"])] if CAPI in wanted else []
    if ADDER in wanted:
        found.append(Peer(ADDER, "adder", ["-std=c++20", f"-I{HERE.parent / 'include'}"]))
    packages = [name for name in (NANOBIND, PYBIND11, CYTHON) if name in wanted]
    place = from_pypi(packages, cache) if packages else None
    debian = {}
    if packages and place is None:  # Those of the distribution are older.
        debian = {name: unpack(needed, cache) for name, needed in (
            (NANOBIND, ["nanobind-dev", "robin-map-dev"]), (PYBIND11, ["pybind11-dev"])) if name in packages}
    if root := place / "nanobind" if place else debian.get(NANOBIND) and debian[NANOBIND] / "usr/share/nanobind":
        if NANOBIND in wanted:
            number = version(root / "include/nanobind/nanobind.h", "NB_VERSION_MAJOR", "NB_VERSION_MINOR", "NB_VERSION_PATCH")
            flags = ["-std=c++17", "-fno-strict-aliasing", f"-I{root / 'include'}", f"-I{root / 'ext/robin_map/include'}",
                     f"-I{root / 'include'}", *([f"-I{debian[NANOBIND] / 'usr/include'}"] if debian else []),
                     *(["-DNB_FREE_THREADED"] if free_threaded else [])]
            found.append(Peer(NANOBIND, f"nanobind {number}", flags, (root / "src/nb_combined.cpp", [])))
    if include := place / "pybind11/include" if place else debian.get(PYBIND11) and debian[PYBIND11] / "usr/include":
        if PYBIND11 in wanted:
            number = version(include / "pybind11/detail/common.h", "PYBIND11_VERSION_MAJOR", "PYBIND11_VERSION_MINOR",
                             "PYBIND11_VERSION_PATCH", "PYBIND11_VERSION_MICRO")
            found.append(Peer(PYBIND11, f"pybind11 {number}", ["-std=c++17", f"-I{include}"]))
    if CYTHON in wanted:
        program = place and place.parents[2] / "bin/cython" or shutil.which("cython3") or shutil.which("cython")
        if program and pathlib.Path(program).exists():
            number = re.search(r"[0-9.]+", (done := run([program, "--version"])).stdout + done.stderr)[0]
            found.append(Peer(CYTHON, f"Cython {number}", ["-std=c++17"], cython=str(program)))
    if PYO3 in wanted and shutil.which("cargo"):
        number = re.search(r'pyo3 = .*?"([0-9.]+)"', (SOURCES / "pyo3/Cargo.toml").read_text())[1]
        found.append(Peer(PYO3, f"PyO3 {number}"))
    for name in wanted:
        if name not in [peer.name for peer in found]:
            print(f"{name} cannot be had and is left out", file=sys.stderr)
    return found


# --- building ---------------------------------------------------------------------------------------------------------


def digest(*parts):
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(part if isinstance(part, bytes) else str(part).encode())
        hashed.update(b"\0")
    return hashed.hexdigest()


def digest_of_tree(folder):
    return digest(*(part for path in sorted(folder.rglob("*.[hc]pp")) for part in (path, path.read_bytes())))


def digest_of_includes(source):
    """Of a source and of what it includes of its own folder."""
    text = source.read_text()
    names = re.findall(r'(?:#include|cdef extern from) "(\w+\.hpp)"', text)
    return digest(text, *(digest_of_includes(SOURCES / name) for name in names if (SOURCES / name).exists()))


class Builder:
    """Compiles what has changed since the last time."""

    def __init__(self, cache, compiler, python, check=False):
        self.cache, self.compiler, self.python, self.check = cache, compiler, python, check
        flags = ["-O0"] if check else []
        self.flags = [*FLAGS, *flags, f"-isystem{python.include}"]
        name = run([compiler, "--version"]).stdout.splitlines()[0]
        self.compiler_name = f"{pathlib.Path(compiler).name} {re.search(r'[0-9]+[.][0-9]+[.][0-9]+', name)[0]}"
        self.folder = cache / digest(python.executable, python.version, name, self.flags)[:12]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.headers = digest_of_tree(HERE.parent / "include")

    def compile(self, target, command, *depends):
        """Runs the command that makes the target, unless the same has made it before."""
        stamp = self.folder / f"{target}.made"
        key = digest(*command, *depends)
        if (self.folder / target).exists() and stamp.exists() and stamp.read_text() == key:
            return
        stamp.unlink(missing_ok=True)
        run(command, cwd=self.folder)
        stamp.write_text(key)

    def runtime(self, peer):
        if peer.runtime:
            source, flags = peer.runtime
            self.compile(f"{peer.name}_runtime.o", [self.compiler, *self.flags, *peer.flags, *flags, "-w", "-c", source, "-o",
                                                    f"{peer.name}_runtime.o"], peer.title)

    def module(self, name, peer, sources, more=()):
        """Our own code is compiled with our warnings where nothing is measured."""
        more = [*more, *(WARNINGS if self.check and peer.name in (ADDER, CAPI) else ["-w"])]
        objects = []
        for source in sources:
            key = digest_of_includes(source), peer.title, self.headers if peer.name == ADDER else ""
            if peer.cython:
                made = f"{source.stem}.cpp"
                self.compile(made, [peer.cython, "-3", "--cplus", source, "-o", made, f"-I{SOURCES}"], *key)
                source = self.folder / made
            target = f"{source.stem}.o"
            self.compile(target, [self.compiler, *self.flags, *peer.flags, *more, f"-I{SOURCES}", "-c", source, "-o", target],
                         *key)
            objects.append(target)
        if peer.runtime:
            objects.append(f"{peer.name}_runtime.o")
        self.compile(f"{name}.so", [self.compiler, "-shared", "-Wl,--gc-sections", *objects, "-o", f"{name}.so"],
                     *((self.folder / target).read_bytes() for target in objects))

    def crate(self, area):
        """By cargo, in a copy, so that nothing is written beside the sources."""
        copy = self.cache / f"crate_{area}"
        shutil.copytree(SOURCES / "pyo3", copy, dirs_exist_ok=True)
        environment = {**os.environ, "PYO3_PYTHON": self.python.executable}
        run(["cargo", "build", "--release", "--quiet", "--target-dir", self.folder / "cargo"], cwd=copy, env=environment)
        shutil.copyfile(self.folder / f"cargo/release/lib{area}_pyo3.so", self.folder / f"{area}_pyo3.so")

    def marks(self):
        source = HERE / "marks.c"
        self.compile("marks.so", ["cc", "-shared", *FLAGS, f"-isystem{self.python.include}", source, "-o", "marks.so"],
                     source.read_bytes())

    def areas(self, peers, areas, jobs, progress):
        """Builds the modules of the areas; returns {peer: [area]} of those that there are now."""
        work = []
        for peer in peers:
            for area in areas:
                if peer.name not in AREAS[area] or (area == "arrays" and not self.python.packages):
                    continue
                if area == "native" and peer.name == CAPI:
                    continue  # The twins are in adder's.
                kind = "pyx" if peer.cython else "cpp"
                sources = [SOURCES / f"{area}_{peer.name}.{kind}"]
                more = []
                if area == "native" and peer.name == ADDER:
                    sources += [path for path in sorted(SOURCES.glob("native_*.cpp"))
                                if "BENCH(" in path.read_text()]
                if area == "arrays":
                    more += ["-O3", f"-isystem{self.python.numpy_include}"]  # Or g++ 12 does not vectorise a loop.
                work.append((area, peer, sources, more))
        have = {peer.name: [] for peer in peers}
        with ThreadPoolExecutor(jobs) as pool:
            for peer, done in [(peer, pool.submit(self.runtime, peer)) for peer in peers]:
                done.result()

            def one(job):
                area, peer, sources, more = job
                try:
                    if peer.name == PYO3:
                        self.crate(area)
                    else:
                        self.module(f"{area}_{peer.name}", peer, sources, more)
                except BuildError as error:
                    print(f"{area}_{peer.name} is left out, it does not compile:\n{str(error)[:3000]}", file=sys.stderr)
                    return
                have[peer.name].append(area)
                progress.step(f"built {area}_{peer.name}")

            list(pool.map(one, work))
        if "native" in have.get(ADDER, []) and CAPI in have:
            have[CAPI].append("native")
        return have
