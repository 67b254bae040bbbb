# SPDX-License-Identifier: MIT
"""Usage: release_script.py <docs/project/check_release.py>

The script finds nothing in a folder that is ready for a release, and what is wrong in one that is not.
"""
import pathlib
import subprocess
import sys
import tempfile

READY = {
    "include/adder/base/config.hpp": "#define ADDER_VERSION_MAJOR 1\n#define ADDER_VERSION_MINOR 2\n"
                                     "#define ADDER_VERSION_PATCH 3\n",
    "pyproject.toml": '[project]\ndynamic = ["version"]\n',
    "CMakeLists.txt": "project(adder VERSION ${adder_version})\n",
    "README.md": "find_package(adder 1.2 REQUIRED)\n\nVersion 1.2, CPython 3.10 and newer\n",
    "docs/page.md": 'requires = ["adder-cpp~=1.2.0"]\n',
    "examples/wheel/pyproject.toml": 'requires = ["adder-cpp~=1.2.0"]\n',
    ".github/CITATION.cff": "version: 1.2.3\ndate-released: 2026-01-31\n",
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-01-31\n\n- New.\n\n## 1.2.2 - 2025-12-01\n\n- Old.\n",
}
# The file, what stands there, what is put in its place, a part of the complaint.
WRONG = [
    ("include/adder/base/config.hpp", "PATCH 3", "PATCH 4", "CHANGELOG.md: no section '## 1.2.4"),
    ("include/adder/base/config.hpp", "#define ADDER_VERSION_PATCH 3", "", "are not there once each"),
    ("pyproject.toml", 'dynamic = ["version"]', 'version = "1.2.3"', "pyproject.toml: a version of its own"),
    ("CMakeLists.txt", "VERSION ${adder_version}", "VERSION 1.2.3", "CMakeLists.txt: a version of its own"),
    ("README.md", "adder 1.2", "adder 1.1", "README.md:1: 1.1 is not of version 1.2.3"),
    ("README.md", "Version 1.2", "Version 1.1", "the section Status"),
    ("docs/page.md", "1.2.0", "1.1.0", "docs/page.md:1: 1.1.0"),
    ("examples/wheel/pyproject.toml", "1.2.0", "2.2.0", "examples/wheel/pyproject.toml:1: 2.2.0"),
    (".github/CITATION.cff", "1.2.3", "1.2.2", "CITATION.cff: the version is not 1.2.3"),
    (".github/CITATION.cff", "2026-01-31", "2026-01-30", "CITATION.cff: date-released"),
    ("CHANGELOG.md", "## Unreleased\n", "", "does not begin with '## Unreleased'"),
    ("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- More.\n", "something is still under"),
    ("CHANGELOG.md", "1.2.3 - 2026-01-31", "1.2.3 - 31 January", "is not '## 1.2.3 - 2026-01-31'"),
    ("CHANGELOG.md", "1.2.2 -", "1.2.3 -", "one is there twice"),
    ("CHANGELOG.md", "2026-01-31", "9026-01-31", "in the future"),
]


def complaints(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, sys.argv[1], "--release", folder], capture_output=True, text=True)
        assert done.stderr == "", done.stderr
        assert (done.returncode == 0) == (", 0 problems" in done.stdout), done.stdout
        return done.stdout


assert ", 0 problems" in complaints(READY), complaints(READY)
for name, old, new, complaint in WRONG:
    assert old in READY[name], (name, old)
    found = complaints({**READY, name: READY[name].replace(old, new)})
    assert complaint in found, f"{name} with '{new}': '{complaint}' is not in\n{found}"
print(f"{len(WRONG)} mistakes were found")
