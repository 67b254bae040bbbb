# SPDX-License-Identifier: MIT
"""python -m adder.stubs: writes the .pyi files of an extension module."""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import signal
import sys
import tempfile
from typing import List, Optional

if not __package__:  # Run by its path, as CMake does, wherever adder is: as a package that is found beside this file.
    import importlib.util

    sys.path.pop(0)
    _here = pathlib.Path(__file__).resolve().parent
    _spec = importlib.util.spec_from_file_location(
        "_adder_stubs", _here / "__init__.py", submodule_search_locations=[str(_here)]
    )
    assert _spec is not None
    sys.modules["_adder_stubs"] = importlib.util.module_from_spec(_spec)
    __package__ = "_adder_stubs"

from . import link
from .generator import Generator
from .notes import Failure, load

CRASHED = 86  # What no run returns on its own.


def parse(arguments: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m adder.stubs",
        description="Writes the types of an extension module, DIR/NAME.pyi, or DIR/NAME/*.pyi where it has submodules. The "
        "module's sources have to be compiled with -DADDER_STUBS=1 -UADDER_COMPILED.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="the object files of the module, which are linked without the libraries that they call (Linux); "
        "or the module, linked",
    )
    parser.add_argument(
        "--module",
        metavar="NAME",
        help="what Python imports: the default is what ADDER_MODULE says; " "package.NAME where it is in a package",
    )
    parser.add_argument("--output", default=".", metavar="DIR", help="where the files go; by default, this folder")
    parser.add_argument("--py-typed", action="store_true", help="write py.typed beside them, which a package needs")
    parser.add_argument("--strict", action="store_true", help="fail where there is anything to complain about")
    parser.add_argument(
        "--compiler", default=os.environ.get("CXX", "c++"), metavar="CXX", help="what links object files"
    )
    parser.add_argument(
        "--link-option", action="append", default=[], metavar="OPTION", help="one more for the compiler"
    )
    return parser.parse_args(arguments)


def generate(options: argparse.Namespace, folder: str) -> int:
    """Writes the stubs. @return The exit code."""
    files = options.files
    linked = link.is_linked(files)
    name = options.module
    if linked:
        path = files[0]
        name = name or pathlib.Path(path).name.split(".")[0]
    else:
        name = name or link.module_name(files)
        path = link.link(files, name, options.compiler, options.link_option, folder)
    for words in [] if linked else link.start(path):
        complain(name, words)
    generator = Generator(load(path, name))
    output = pathlib.Path(options.output)
    remove_old(output, name.rpartition(".")[2], set(generator.texts))
    for file, text in generator.texts.items():
        (output / file).parent.mkdir(parents=True, exist_ok=True)
        (output / file).write_text(text, encoding="utf-8", newline="\n")
    if options.py_typed:
        inside = output / name.rpartition(".")[2] if any("/" in file for file in generator.texts) else output
        (inside / "py.typed").write_text("", encoding="utf-8")
    broken = generator.loaded.broken
    if broken is not None:
        complain(name, f"the stub ends where the module's body raised {broken}")
    for words in generator.complaints:
        print(f"adder.stubs: {words}", file=sys.stderr)
    return 1 if options.strict and (generator.complaints or broken is not None) else 0


def complain(name: str, words: str) -> None:
    print(f"adder.stubs: {name}: {words}", file=sys.stderr)


def remove_old(output: pathlib.Path, name: str, written: set) -> None:
    """A module that got its first submodule, or lost its last one, is found once."""
    if f"{name}.pyi" not in written and (output / f"{name}.pyi").is_file():
        (output / f"{name}.pyi").unlink()
    elif (
        f"{name}.pyi" in written
        and (output / name / "__init__.pyi").is_file()
        and not (output / name / "__init__.py").exists()
    ):
        shutil.rmtree(output / name)


def main(arguments: Optional[List[str]] = None) -> int:
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="adder.stubs.") as folder:
        if not hasattr(os, "fork"):
            return run(options, folder)
        # What the module does at its end, to objects that libraries should free, is nobody's business: hence a process of
        # its own, that ends without it. And a crash in there is told here.
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = CRASHED
            try:
                code = run(options, folder)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        print(
            f"adder.stubs: {name} while the declarations of {' '.join(options.files)} were run: no stubs were written. What "
            "the module's body and its static objects call has to be in the module's own sources",
            file=sys.stderr,
        )
        return 1
    return os.WEXITSTATUS(status)


def run(options: argparse.Namespace, folder: str) -> int:
    try:
        return generate(options, folder)
    except Failure as failure:
        print(f"adder.stubs: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
