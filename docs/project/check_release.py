#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_release.py [--release] [FOLDER]: what docs/project/releasing.md asks for, as far as a script can tell.

Always: the version is in one place, what users are told to write fits it, and the changelog is in order. With --release
also: the changelog has a dated section of this version, and nothing is unreleased.
"""

import argparse
import datetime
import pathlib
import re
import sys

# What has to be written with a version in it, for users to copy: the major and minor one have to be ours.
QUOTED = re.compile(r"(?:adder-cpp *[~>=]=+ *|find_package\(adder +)(\d+(?:\.\d+)+)")


def version_of(root):
    config = (root / "include/adder/base/config.hpp").read_text()
    found = [
        re.findall(rf"^#define ADDER_VERSION_{part} (\d+)$", config, re.MULTILINE)
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    return ".".join(one[0] for one in found) if all(len(one) == 1 for one in found) else None


def problems(root, release):
    version = version_of(root)
    if version is None:
        yield "include/adder/base/config.hpp: ADDER_VERSION_MAJOR, _MINOR and _PATCH are not there once each"
        return
    minor = version.rpartition(".")[0]

    # One place. pyproject.toml and CMakeLists.txt ask config.hpp.
    project = (root / "pyproject.toml").read_text()
    if re.search(r'^version *= *"', project, re.MULTILINE) or 'dynamic = ["version"]' not in project:
        yield "pyproject.toml: a version of its own"
    if re.search(r"project\(adder VERSION +\d", (root / "CMakeLists.txt").read_text()):
        yield "CMakeLists.txt: a version of its own"

    files = [root / "README.md", *(root / "docs").rglob("*.md"), *(root / "examples").rglob("*.*")]
    for file in sorted(file for file in files if file.suffix in (".md", ".toml", ".txt", ".build")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for quoted in QUOTED.findall(line):
                if quoted != minor and not quoted.startswith(minor + "."):
                    yield f"{file.relative_to(root)}:{number}: {quoted} is not of version {version}"
    status = re.search(r"^Version (\d+\.\d+)", (root / "README.md").read_text(), re.MULTILINE)
    if not status or status[1] != minor:
        yield f"README.md: the section Status does not say version {minor}"

    citation = root / ".github/CITATION.cff"
    cited = re.search(r"^version: (\S+)$", citation.read_text(), re.MULTILINE) if citation.exists() else None
    if not cited or cited[1] != version:
        yield f"CITATION.cff: the version is not {version}"

    headings = re.findall(r"^## (.+)$", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not headings or headings[0] != "Unreleased":
        yield "CHANGELOG.md: does not begin with '## Unreleased'"
    dates = []
    for heading in headings[1:]:
        match = re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)", heading)
        try:
            dates.append((tuple(map(int, match[1].split("."))), datetime.date.fromisoformat(match[2])))
        except (TypeError, ValueError):
            yield f"CHANGELOG.md: '## {heading}' is not '## 1.2.3 - 2026-01-31'"
    if dates != sorted(dates, reverse=True) or len({number for number, _ in dates}) < len(dates):
        yield "CHANGELOG.md: the newest version does not stand first, or one is there twice"

    if not release:
        return
    text = (root / "CHANGELOG.md").read_text()
    if re.search(r"^## Unreleased\n(?:\s*\n)*(?!## )\S", text, re.MULTILINE):
        yield "CHANGELOG.md: something is still under '## Unreleased'"
    if not dates or ".".join(map(str, dates[0][0])) != version:
        yield f"CHANGELOG.md: no section '## {version} - <day>'"
    elif dates[0][1] > datetime.date.today():
        yield "CHANGELOG.md: the day of the release is in the future"
    elif not re.search(
        rf"^date-released: '?{dates[0][1]}'?$", citation.read_text() if citation.exists() else "", re.MULTILINE
    ):
        yield f"CITATION.cff: date-released is not {dates[0][1]}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", action="store_true")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    options = parser.parse_args()
    found = list(problems(options.folder.resolve(), options.release))
    print(*found, f"version {version_of(options.folder)}, {len(found)} problems", sep="\n")
    sys.exit(bool(found))
