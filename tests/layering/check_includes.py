# SPDX-License-Identifier: MIT
"""Usage: check_includes.py <standard_names.txt> <project folder>

Checks that C++ files include what they use, and use what they include. It reads text, not what a compiler makes of it:
there is code for each Python and each compiler in the branches of `#if`.
- A file that spells a name of the standard library, `std::x`, includes a header for it itself: see standard_names.txt.
  A file x_inl.hpp has those of its x.hpp as well.
- A standard or system header is there for a name that the file spells.
- A header of ours is there for a name that it declares, or for something that no other include of the file brings:
  nobody has to name all the layers below. One that declares nothing stands for those it includes.

Where an include has another reason its line says so: `// IWYU pragma: keep (what bound functions throw)`, or `export`
where it is for those who include the file, directly or not. Who only names std::string, as what a function that is
declared returns or by Late<std::string, ...>, has it of string_fwd.hpp.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"](.*)', re.MULTILINE)
HAS_REASON = re.compile(r"\s*// IWYU pragma: (keep|export) \(.+\)")
EXPORTED = re.compile(r"\s*// IWYU pragma: export ")
STRING_BY_NAME = "adder/base/detail/string_fwd.hpp"
# Where the class need not be complete.
NAMED_ONLY = re.compile(r"\bLate<std::string, \w+>|\bis_same_v<[^;]*?, std::string>|^ *(?:ADDER_COLD_CALL )?std::string \w+\([^;{]*;",
                        re.MULTILINE)
# Libraries with a header or two for everything.
OPAQUE = re.compile(r"(gtest|benchmark|pybind11|nanobind|Eigen|eigen3/Eigen|numpy|re2)/|(Python|frameobject|datetime|simdjson)\.h$")
NO_CODE = re.compile(r'''
    (?P<comment> //[^\n]* | /\*.*?\*/ )
    | R"(?P<delimiter>\w*)\(.*?\)(?P=delimiter)"
    | "(?:\\.|[^"\\\n])*"
    | (?<!\w)'(?:\\.|[^'\\\n])+'  # Not what separates digits.
''', re.DOTALL | re.VERBOSE)
# What stub builds alone compile has its includes beside it, and brings nothing to others.
STUBS = re.compile(r"^#if ADDER_STUBS\n.*?^#(?=endif|else)", re.MULTILINE | re.DOTALL)
FOLDERS = ["include", "tests", "examples", "benchmarks"]


def read_names(table):
    """For each header a pattern of names in std, and one of others."""
    names, others = {}, {}
    text = re.sub(r"^#.*\n", "", table.read_text(), flags=re.MULTILINE)
    for header, in_std, other in re.findall(r"^(\S+):([^|\n]*(?:\n [^|\n]*)*)(?:\|[ ]*(.*))?$", text, re.MULTILINE):
        names[header] = re.compile("|".join(name.replace("*", r"\w+") for name in in_std.split()) or "(?!)")
        others[header] = re.compile(rf"\b(?:{other})\b" if other else "(?!)")
    return names, others


# The formatter sees to it that what begins a line is in a namespace, and what is indented by two may be in a class.

def declared_in(code):
    """What a file declares in its namespaces, or defines there of a class."""
    code = re.sub(r"\[\[.*?\]\]|__attribute__\(\(.*?\)\)|\bdecltype\(auto\) ", "", code)
    yield from re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", code, re.MULTILINE)
    yield from re.findall(r'^\S.*\boperator""[ ]?(\w+)', code, re.MULTILINE)
    kind = re.compile(r"(?:class|struct|union|enum(?: class)?) (?:[A-Z_]+ )*(\w+)")
    name = re.compile(r"[^({=;[]*?\b(?!operator\b)(\w+)(?:<[^()]*>)?[ ]?[({=;[]")
    for line in re.findall(r"^(?!(?:template|namespace|requires|static_assert|extern)\b)\w.*", code, re.MULTILINE):
        if match := kind.match(line) or name.match(line):
            yield match[1]


def members_in(code):
    """The functions that the classes of a file declare, and some that the bodies of its functions call."""
    lines = re.findall(r"^  (?!(?:return|throw|else|new|delete|if|for|while)\b)\w.*", code, re.MULTILINE)
    return (match[1] for match in map(re.compile(r"[^(={;.]*[ &*](\w+)\(").match, lines) if match)


# The types that a header of conversions is for, where those are not called as the header is.
CONVERTED = {"functional": ["function", "move_only_function"],
             "string": ["string", "u8string", "u16string", "u32string", "wstring"]}


class File:
    def __init__(self, path, name):
        self.name, self.folder = name, name.rpartition("/")[0]
        text = STUBS.sub("#if 0\n#", path.read_text())
        self.includes = dict(INCLUDE.findall(text))
        code = NO_CODE.sub(lambda match: " " if match["comment"] else '""', text)
        self.code = re.sub(INCLUDE, "", code)
        self.in_std = set(re.findall(r"\bstd::((?:\w+::)*\w+)", self.code))
        self.in_std.update(re.findall(r"\busing namespace std::(\w+)", self.code))
        if "string" in self.in_std and not re.search(r"\bstd::string\b", NAMED_ONLY.sub("", self.code)):
            self.in_std.remove("string")
            self.in_std.add("string-by-name")
        if re.search(r"\bnew \(", self.code):
            self.in_std.add("placement-new")
        self.words = set(re.findall(r"\w+", self.code))
        if re.search(r"\bfor \([^;()]* : ", self.code):
            self.words.add("begin")
        self.calls = set(re.findall(r"(?:\.|->|::)(?:template )?(\w+)", self.code))
        self.declared = set(declared_in(self.code))
        if self.declared:
            # Of a conversion its users name the type only: stl/vector.hpp.
            self.declared.update(CONVERTED.get(path.stem, [path.stem]))
        self.members = set(members_in(self.code))


class Check:
    def __init__(self, table, project):
        self.names, self.others = read_names(table)
        paths = (path for folder in FOLDERS for path in sorted((project / folder).rglob("*.[ch]pp")))
        names = ((path, path.relative_to(project).as_posix()) for path in paths)
        self.files = {name: File(path, name) for path, name in names}
        for file in self.files.values():  # A header and the file with its plain functions are one.
            if file.name.endswith("_inl.hpp") and (subject := self.subject(file)):
                subject.members |= file.declared

    def find(self, name, user):
        """The file of ours that an include line names."""
        places = [f"{folder}/{name}" for folder in ["include", "tests", "benchmarks", user.folder]]
        return next((self.files[place] for place in places if place in self.files), None)

    def subject(self, file):
        """The header that x_inl.hpp has the functions of, or that x_test.cpp tests."""
        match = re.search(r"([^/]+)_(?:inl\.hpp|test\.cpp)$", file.name)
        folder = file.folder.replace("tests/unit/", "include/adder/")
        nearby = [folder, f"{folder}/detail", folder.removesuffix("/detail")]
        places = [f"{place}/{match[1]}.hpp" for place in nearby] if match else []
        return next((self.files[place] for place in places if place in self.files), None)

    def ours(self, file):
        """The files of ours that a file includes, without the plain functions that go with it."""
        found = {name: self.find(name, file) for name in file.includes if not name.endswith("_inl.hpp")}
        return {name: header for name, header in found.items() if header}

    def reached(self, headers, seen=None):
        """Some headers of ours, and all that they include."""
        seen = set() if seen is None else seen
        for header in headers:
            if header not in seen:
                seen.add(header)
                self.reached(self.ours(header).values(), seen)
        return seen

    def is_for(self, header, name):
        """Whether a standard header is one for a name in std."""
        return self.names[header].fullmatch(name) or self.names[header].fullmatch(name.split("::")[0])

    def missing(self, file):
        subject = self.subject(file) if file.name.endswith("_inl.hpp") else None
        reached = self.reached([file])
        at_hand = {*file.includes, *(subject.includes if subject else []),
                   *(name for other in reached for name, comment in other.includes.items() if EXPORTED.match(comment))}
        needed = {}
        for name in sorted(file.in_std):
            if name == "string-by-name":
                if any(STRING_BY_NAME in other.includes for other in reached):
                    continue
                name = "string"
            headers = [header for header in self.names if self.is_for(header, name)]
            if not headers:
                yield f"{file.name}: uses std::{name}, and standard_names.txt does not say where that is from"
            elif not at_hand.intersection(headers):
                needed.setdefault(" or ".join(f"<{header}>" for header in headers), []).append(f"std::{name}")
        for headers, names in needed.items():
            yield f"{file.name}: uses {', '.join(names)} and does not include {headers}"

    def uses(self, file, header, others):
        """Whether a file names something that a header of ours declares, or brings where the other headers do not."""
        elsewhere = self.reached(others)
        return any(found.declared & file.words or found.members & file.calls for found in self.reached([header])
                   if found is header or not header.declared or found not in elsewhere)

    def unused(self, file):
        subject, ours = self.subject(file), self.ours(file)
        for name, comment in file.includes.items():
            if HAS_REASON.match(comment) or OPAQUE.match(name) or name.endswith("_inl.hpp"):
                continue
            if name in (STRING_BY_NAME, "string") and "string-by-name" in file.in_std:
                continue
            if header := ours.get(name):
                # A file that declares nothing stands for what it includes; a test is of its subject.
                if (file.declared and header is not subject
                        and not self.uses(file, header, [other for other in ours.values() if other is not header])):
                    yield f'{file.name}: uses nothing of "{name}"'
            elif name not in self.names:
                yield f"{file.name}: includes <{name}>, and standard_names.txt does not say what for"
            elif not (self.others[name].search(file.code) or any(self.is_for(name, used) for used in file.in_std)):
                yield f"{file.name}: uses nothing of <{name}>"


def main():
    check = Check(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    failures = [failure for file in check.files.values() for failure in [*check.missing(file), *check.unused(file)]]
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
