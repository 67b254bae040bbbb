# SPDX-License-Identifier: MIT
"""Usage: check_quiet.py <include folder> <compiler> <flags...>

Nothing in adder warns users who ask for more warnings than adder's own code is built with, and who find adder by -I, so
that it is no system header to their compiler. One file includes all public headers, and does what usable_alone.py does
with each of them.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import usable_alone

COMMON = "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror".split()
GNU = """
    -Wcast-align -Wcast-qual -Wcomma-subscript -Wctor-dtor-privacy -Wdouble-promotion -Wduplicated-branches
    -Wduplicated-cond -Wextra-semi -Wformat=2 -Wlogical-op -Wmismatched-tags -Wmissing-declarations -Wnon-virtual-dtor
    -Wnull-dereference -Wold-style-cast -Woverloaded-virtual -Wredundant-decls -Wredundant-tags -Wsign-conversion
    -Wstrict-null-sentinel -Wsuggest-override -Wundef -Wunused -Wuseless-cast -Wvolatile -Wzero-as-null-pointer-constant
""".split()
# All that clang has, but for what nobody can be free of who writes C++20 against the C API, and for matters of taste.
CLANG = """
    -Weverything
    -Wno-unknown-warning-option
    -Wno-c++20-compat -Wno-c++98-compat -Wno-c++98-compat-pedantic -Wno-c++98-compat-bind-to-temporary-copy
    -Wno-c++98-compat-local-type-template-args -Wno-pre-c++14-compat -Wno-pre-c++17-compat -Wno-pre-c++20-compat
    -Wno-cast-function-type-strict
    -Wno-disabled-macro-expansion
    -Wno-documentation-unknown-command
    -Wno-exit-time-destructors
    -Wno-float-equal
    -Wno-lifetime-safety -Wno-lifetime-safety-suggestions -Wno-lifetime-safety-validations
    -Wno-lifetime-safety-cross-tu-suggestions -Wno-lifetime-safety-cross-tu-constructor-suggestions
    -Wno-lifetime-safety-intra-tu-suggestions -Wno-lifetime-safety-intra-tu-constructor-suggestions
    -Wno-lifetime-safety-invalidation -Wno-lifetime-safety-lifetimebound-violation
    -Wno-nrvo
    -Wno-padded
    -Wno-switch-default
    -Wno-switch-enum
    -Wno-unique-object-duplication
    -Wno-unsafe-buffer-usage
    -Wno-weak-vtables
""".split()


def one_file():
    """All of usable_alone.py, with names of its own for each part."""
    # g++ 12 itself fails on Eigen's headers with all of GNU's warnings.
    headers = sorted(header for header in usable_alone.USES if not header.startswith("array/eigen"))
    text = "".join(f'#include "adder/{header}"\n' for header in headers)
    for header in headers:
        lines = usable_alone.source(header).splitlines()
        part = "\n".join(line for line in lines if not line.startswith("#include"))
        suffix = re.sub(r"\W", "_", header)
        if "co_yield" in part:  # g++ warns of the code that it makes of any coroutine.
            quiet = '#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored "-Wzero-as-null-pointer-constant"\n'
            part = quiet + part + "\n#pragma GCC diagnostic pop"
        names = sorted(set(re.findall(r"\bstatic \w+ (\w+)\(|\b(?:struct|class) (\w+) \{", part)))
        names = [name for pair in names for name in pair if name and name != "define"]
        text += "".join(f"#define {name} {name}_{suffix}\n" for name in names)
        text += part + "\n"
        text += "".join(f"#undef {name}\n" for name in names)
    return text


def main():
    _, compiler, *flags = sys.argv[1:]
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    warnings = CLANG if "clang" in version else GNU
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "user.cpp"
        source.write_text(one_file())
        # What g++ says of values, of null pointers for one, it finds as it optimises. Once will do.
        optimises = warnings is GNU and "-DADDER_STUBS=1" not in flags
        how = ["-O2", "-S", "-o", f"{folder}/user.s"] if optimises else ["-fsyntax-only"]
        command = [compiler, *flags, *COMMON, *warnings, *how, str(source)]
        if subprocess.run(command).returncode != 0:
            sys.exit(1)
        # As python3-config says it: Python.h by -I as well. What nobody uses is found while code is made.
        source.write_text("".join(f'#include "adder/{header}"\n' for header in sorted(usable_alone.USES)))
        by_I = ["-I" if flag == "-isystem" else flag for flag in flags]
        command = [compiler, *by_I, "-Wall", "-Wextra", "-Werror", "-S", "-o", f"{folder}/user.s", str(source)]
        sys.exit(subprocess.run(command).returncode)


main()
