# SPDX-License-Identifier: MIT
"""Usage: check_import.py <folder with names.py> <doxygen's XML> <adder.cppm>

`import adder;` has every public name that its headers declare, and no other.
"""
import pathlib
import re
import sys

sys.path.insert(0, sys.argv[1])
import names  # noqa: E402

LEFT_OUT = re.compile(r"adder/(reflect|embed|typing)/|adder/array/eigen|adder/stl/expected|adder/module/(testing|streams|ostream_redirect)")

entities, _ = names.read(sys.argv[2])
wanted = {
    re.sub(r"<.*", "", one.name)
    for one in entities
    if one.kind not in ("define", "friend") and not one.scope and one.header.startswith("adder/")
    and not LEFT_OUT.match(one.header)
}
wanted = {name.rsplit("::", 1)[-1] if name.startswith("literals::") else name for name in wanted}
wanted = {name for name in wanted if "::" not in name and not name.startswith('operator""')}
interface = pathlib.Path(sys.argv[3]).read_text()
exported = set(re.findall(r"^using adder::(\w+);", interface, re.MULTILINE))
declared = {"PyAny", "PyBaseException", "PyEnum", "PyIterator", "PyObj", "PyTzInfo"}  # in several headers
missing, unknown = wanted - exported, exported - wanted - declared
headers = set(re.findall(r'^#include "(adder/[^"]+)"', interface, re.MULTILINE))
unread = {one.header for one in entities if one.kind != "define" and not LEFT_OUT.match(one.header)} - headers
unread = {header for header in unread if not header.startswith("adder/base/") and "/detail/" not in header}
print(f"{len(exported)} names; without: {sorted(missing)}; without a header: {sorted(unknown)}; not included: {sorted(unread)}")
sys.exit(bool(missing or unknown or unread) or len(exported) < 200)
