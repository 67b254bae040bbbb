# SPDX-License-Identifier: MIT
"""cross_compile.py TARGET SOURCE WORK PYTHON_HEADERS [--all]: compiles all public headers, and test modules, for another
platform with `zig c++`, whose clang brings the C and C++ libraries of them all. Nothing is linked and nothing runs.

With --all each module of tests/python, to look at by hand: some use what only POSIX has.

zig is `$ADDER_ZIG`, or PyPI's ziglang, which is kept in the user's cache. Exits with 77, "skipped" to ctest, without it.
It is asked through `$CMAKE_CXX_COMPILER_LAUNCHER`, as the compilers of a build are.
"""
import fcntl
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

TARGET, SOURCE, WORK, PYTHON_HEADERS = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
MODULES = ["arrays", "callbacks", "classes", "containers", "holders", "stl"]


def zig():
    if os.environ.get("ADDER_ZIG"):
        return pathlib.Path(os.environ["ADDER_ZIG"])
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "adder"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "ziglang.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = list(cache.glob("ziglang/ziglang/zig"))
        if not found:
            folder = cache / "ziglang.new"
            shutil.rmtree(folder, ignore_errors=True)
            done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20",
                                   "--target", folder, "ziglang==0.16.*"],
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                print(done.stdout, "SKIPPED: PyPI's ziglang cannot be had")
                sys.exit(77)
            folder.rename(cache / "ziglang")
            found = list(cache.glob("ziglang/ziglang/zig"))
    return found[0]


def compile_all(sources):
    """The names of those that did not compile."""
    failed = []
    for source in sources:
        command = [*launcher, compiler, "-target", TARGET, "-std=c++20", *WARNINGS, "-DADDER_CHECKED=1", "-c", source,
                   "-o", WORK / "object.o", "-isystem", WORK / "python", "-I", SOURCE / "include",
                   "-I", SOURCE / "tests", "-I", SOURCE / "tests" / "support"]
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
        if done.returncode != 0:
            failed.append(source.name)
            print(f"--- {source.name}\n{done.stdout}", flush=True)
    return failed


zig_program = zig()
shutil.rmtree(WORK, ignore_errors=True)
WORK.mkdir(parents=True)
compiler = WORK / "clang++"  # One word, with a name that ccache knows.
compiler.write_text(f'#!/bin/sh\nexec {shlex.quote(str(zig_program))} c++ "$@"\n')
compiler.chmod(0o755)
launcher = os.environ.get("CMAKE_CXX_COMPILER_LAUNCHER", "").split()
environment = {**os.environ, "ZIG_LOCAL_CACHE_DIR": str(WORK / "cache"), "ZIG_GLOBAL_CACHE_DIR": str(WORK / "cache"),
               # The script that starts zig is the same for each version of it.
               "CCACHE_COMPILERCHECK": f"string:{zig_program.parent.stat().st_mtime}"}
shutil.copytree(PYTHON_HEADERS, WORK / "python", symlinks=False)
shutil.copy(SOURCE / "tests" / "platforms" / "pyconfig.h", WORK / "python" / "pyconfig.h")

# What reflection and Eigen bring is not there.
headers = [path.relative_to(SOURCE / "include") for path in sorted((SOURCE / "include" / "adder").rglob("*.hpp"))]
headers = [path for path in headers if "detail" not in path.parts and "reflect" not in path.parts
           and not path.name.startswith("eigen")]
(WORK / "headers.cpp").write_text("".join(f"#include <{path}>\n" for path in headers))
assert len(headers) > 100, headers

modules = sorted((SOURCE / "tests" / "python").glob("*_ext.cpp"))
if "--all" not in sys.argv:
    modules = [path for path in modules if path.name.removesuffix("_ext.cpp") in MODULES]
    assert len(modules) == len(MODULES), modules

failed = compile_all([WORK / "headers.cpp", *modules])
print(f"{TARGET}: {len(headers)} headers, {len(modules)} modules" + "".join(f"\nnot compiled: {name}" for name in failed))
sys.exit(1 if failed else 0)
