# SPDX-License-Identifier: MIT
"""Where the headers of adder are, and its files for CMake and pkg-config, for builds that got them by pip.

The same from a shell: python -m adder --help.
"""
from __future__ import annotations

import pathlib
import re

__all__ = ["get_cmake_dir", "get_include", "get_pkgconfig_dir", "get_version"]


def _folder(*parts: str) -> pathlib.Path:
    # Of an editable installation, these files are not beside what CMake has installed; but both are on the path.
    for root in __path__:
        if (folder := pathlib.Path(root, *parts)).is_dir():
            return folder.resolve()
    raise FileNotFoundError(f"adder: {'/'.join(parts)} is not in {', '.join(__path__)}: install adder anew")


def get_include() -> str:
    """The folder for the compiler's -I."""
    return str(_folder("include"))


def get_cmake_dir() -> str:
    """The folder for CMake's adder_DIR."""
    return str(_folder("share", "cmake", "adder"))


def get_pkgconfig_dir() -> str:
    """The folder for PKG_CONFIG_PATH."""
    return str(_folder("share", "pkgconfig"))


def get_version() -> str:
    """The version that the headers say they have."""
    text = (_folder("include") / "adder" / "base" / "config.hpp").read_text(encoding="utf-8")
    return ".".join(re.findall(r"^#define ADDER_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", text, re.MULTILINE))
