# SPDX-License-Identifier: MIT
"""Usage: import_adder.py [COMPILER FOLDER OPTION...]

Uses the module that import_adder_ext.cpp is. Where CMake cannot build it, COMPILER does first, clang++ or g++, in
FOLDER, with the OPTIONs that find the headers.
"""
import pathlib
import subprocess
import sys
import sysconfig

SOURCE = pathlib.Path(__file__).resolve().parent
INTERFACE = SOURCE.parents[1] / "cmake" / "adder.cppm"


def build(compiler, folder, options):
    folder.mkdir(parents=True, exist_ok=True)

    def run(*command):
        subprocess.run([compiler, *command], cwd=folder, check=True)

    options = ["-std=c++20", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", *options]
    if "clang" in pathlib.Path(compiler).name:
        run(*options, "--precompile", "-x", "c++-module", INTERFACE, "-o", "adder.pcm")
        # clang++ 19 has no use for the folders of headers any more, and says so.
        run(*options, "-Wno-unused-command-line-argument", "-c", "adder.pcm", "-o", "adder.o")
        options += ["-fmodule-file=adder=adder.pcm"]
    else:
        options += ["-fmodules"]
        run(*options, "-c", "-x", "c++", INTERFACE, "-o", "adder.o")
    run(*options, "-c", SOURCE / "import_adder_ext.cpp", "-o", "ext.o")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    run("-shared", "ext.o", "adder.o", "-o", f"import_adder_ext{suffix}")
    sys.path.insert(0, str(folder))


if len(sys.argv) > 1:
    build(sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:])

import import_adder_ext as m  # noqa: E402


def raised(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("nothing was raised")


account = m.Account(owner="Ada")
assert (account.deposit(3), account.deposit(), account.owner, account == m.Account("Ada")) == (3, 4, "Ada", False)
assert raised(lambda: account.deposit(-1)) == "ValueError: deposit() wants a positive amount"
assert m.flip(m.Color.RED) is m.Color.GREEN
assert (m.add(1, 2), m.add(1.5, 2)) == (3, 3.5)
assert raised(lambda: m.add("x", 1)).startswith("TypeError: add(): no overload takes (str, int)")
assert m.call(lambda items: f" {items} ", [1, 2]) == "[1, 2]"
