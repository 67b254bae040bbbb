# SPDX-License-Identifier: MIT
"""python -m adder: prints what builds ask for."""
from __future__ import annotations

import argparse
import shlex
import sysconfig

from . import get_cmake_dir, get_include, get_pkgconfig_dir, get_version


def _includes() -> str:
    # Python's two folders are mostly the same.
    folders = dict.fromkeys([get_include(), sysconfig.get_path("include"), sysconfig.get_path("platinclude")])
    return shlex.join(f"-I{folder}" for folder in folders)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m adder", description="Prints where adder is.")
    what = parser.add_mutually_exclusive_group(required=True)
    for option, function, text in [
        ("--includes", _includes, "the compiler's -I options, for adder and for this Python, quoted for a shell"),
        ("--cmakedir", get_cmake_dir, "the folder for CMake's adder_DIR"),
        ("--pkgconfigdir", get_pkgconfig_dir, "the folder for PKG_CONFIG_PATH"),
        ("--version", get_version, "the version of adder"),
    ]:
        what.add_argument(option, dest="print", action="store_const", const=function, help=text)
    print(parser.parse_args().print())


if __name__ == "__main__":
    main()
