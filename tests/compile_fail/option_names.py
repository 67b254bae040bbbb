# SPDX-License-Identifier: MIT
"""Every name in option_names.hpp is looked at: option_names.py HEADER COMPILER FLAG...

One file declares a class for each wrong name, and for each option a class that has it in private. Each has to be
refused in words that name it, and the classes beside them, whose PyClass is right, must not be.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

header, *command = sys.argv[1:]
text = pathlib.Path(header).read_text()


def members(struct):
    body = re.search(rf"struct {struct} {{(.*?)^}};", text, re.DOTALL | re.MULTILINE)[1]
    return [name.strip() for names in re.findall(r"int ([^;]*);", body) for name in names.split(",")]


wrong, options = members("WrongNames"), members("OptionNames")
asked = re.findall(r"All::(\w+)", text[text.index("constexpr bool check_option_names()"):])
assert sorted(asked) == sorted(wrong + options), set(asked) ^ set(wrong + options)

source = ['#include "adder/class/options.hpp"']
for number, (name, access) in enumerate([(name, "") for name in wrong] + [(name, "private:") for name in options]):
    source.append(f"struct C{number} {{}};")
    source.append(f"template <> struct adder::PyClass<C{number}> {{ static constexpr auto name = \"C\"; {access} "
                  f"static constexpr bool {name} = true; }};")
    source.append(f"static_assert(!adder::detail::is_frozen<C{number}>());")
right = "static constexpr bool frozen = true, eq = true; static constexpr auto doc = \"D\"; static int sequence();"
source.append(f"struct Right {{}}; struct has_dict {{ {right} }};")
source.append("template <> struct adder::PyClass<Right> : has_dict { static constexpr auto name = \"R\"; };")
source.append("static_assert(adder::detail::is_frozen<Right>());")

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "names.cpp")
    path.write_text("\n".join(source) + "\n")
    limit = ["-ferror-limit=0"] if "clang" in os.path.basename(command[0]) else []
    log = subprocess.run([*command, *limit, "-fsyntax-only", str(path)], env={**os.environ, "LC_ALL": "C"},
                         stderr=subprocess.PIPE, text=True).stderr
errors = re.findall(r"error: .*adder: PyClass<T>.*", log)
missing = [name for name in wrong + options if not any(re.search(rf"\b{name}\b", error) for error in errors)]
if missing or len(errors) != len(wrong + options) or "Right" in log:
    sys.exit(f"{log}\n{len(errors)} errors for {len(wrong + options)} names; not mentioned: {missing}")
