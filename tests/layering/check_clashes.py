# SPDX-License-Identifier: MIT
"""Usage: check_clashes.py <list of C API names> <include folder> <compiler> <flags...>

After `using namespace adder;` a name is ambiguous that Python.h declares as well. No public name of adder is one, but for
the known ones, which have another name beside them. The compiler says what is declared: every word of adder's public
headers is looked up in both places. The list has what newer versions of CPython declare than the one that is used here.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

# What to write instead, with adder's names imported. `adder::Py...` works everywhere.
KNOWN = {
    "PyBytesWriter": "BytesWriter",  # ::PyBytesWriter since 3.15
    "PyMappingMethods": "MappingMethods",
    "PyMutex": "Mutex",  # ::PyMutex since 3.13
    "PySequenceMethods": "SequenceMethods",
}
# No names to declare anything with.
KEYWORDS = set(
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class "
    "co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default "
    "delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long "
    "mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this "
    "thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor "
    "xor_eq".split()
)


def declared(names, scope, includes, command):
    """Those of `names` that `scope` has a declaration of: the compiler finds no fault with a using-declaration."""
    names = list(names)
    text = "".join(f'#include "{header}"\n' for header in includes)
    first = text.count("\n") + 1
    for index, name in enumerate(names):
        text += f"namespace probe_{index} {{ using {scope}::{name}; }}\n"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "probe.cpp"
        source.write_text(text)
        run = subprocess.run([*command, str(source)], capture_output=True, text=True)
    if "fatal error" in run.stderr:
        sys.exit(run.stderr)
    bad = {int(line) - first for line in re.findall(r"probe\.cpp:(\d+):\d+: error:", run.stderr)}
    return {name for index, name in enumerate(names) if index not in bad}


def main():
    listed, include, compiler, *flags = sys.argv[1:]
    include = pathlib.Path(include)
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    no_limit = "-ferror-limit=0" if "clang" in version else "-fmax-errors=0"
    command = [compiler, *flags, "-fsyntax-only", "-w", no_limit]

    headers = sorted(
        path
        for path in (include / "adder").rglob("*.hpp")
        if "detail" not in path.parts and not path.name.endswith("_inl.hpp")
    )
    words = set().union(*(re.findall(r"\b[A-Za-z]\w*", path.read_text()) for path in headers))
    words = sorted((words | KNOWN.keys() | set(KNOWN.values())) - KEYWORDS)
    newer = {
        name
        for line in pathlib.Path(listed).read_text().splitlines()
        if not line.startswith("#")
        for name in line.split()
    }

    c_names = declared([*words, "PyList_New", "no_such_name"], "", ["Python.h"], command)
    if "PyList_New" not in c_names or "no_such_name" in c_names:
        sys.exit("check_clashes.py: the compiler's answers about Python.h cannot be read")
    own = declared(words + ["no_such_name"], "adder", [path.relative_to(include) for path in headers], command)
    if not {"Bound", "PyList", "into_py", "ExtractsFromPy"} <= own or "no_such_name" in own:
        sys.exit("check_clashes.py: the compiler's answers about adder's headers cannot be read")

    failures = []
    clashes = own & (c_names | newer)
    for name in sorted(clashes - KNOWN.keys()):
        failures.append(f"adder::{name} is a name of the C API as well: call it something else")
    for name in sorted(KNOWN.keys() - clashes):
        failures.append(f"{name} is in KNOWN, but is no clash")
    for name, instead in sorted(KNOWN.items()):
        if instead not in own or instead in c_names | newer:
            failures.append(f"{instead}, to write in place of {name}, does not exist, or clashes as well")
    if failures:
        sys.exit("\n".join(failures))


main()
