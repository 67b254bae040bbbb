# SPDX-License-Identifier: MIT
"""Writes the pages of the API reference, in Markdown, from doxygen's XML: one for each header, by layers.

Breathe was tried: it does not parse every declaration of ours, warns of each namespace that two headers share, and
takes over a second for a header. This takes a second for all of them.
"""

import re

from names import read, text, is_detail, tidy

SECTIONS = {"gil": "GIL", "threads": "Threads"}
KINDS = {
    "class": "class",
    "struct": "class",
    "concept": "concept",
    "function": "function",
    "define": "macro",
    "typedef": "type",
    "variable": "constant",
    "enum": "enum",
}


def escape(words):
    """Text that Markdown and HTML are to leave alone."""
    words = re.sub(r"([\\`*_\[\]|~])", r"\\\1", words)
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"^(\s*)([-+#]|\d+\.)(\s)", r"\1\\\2\3", words)


class Markdown:
    """A description of doxygen's as Markdown."""

    def __init__(self, link):
        self.link = link

    def inline(self, element):
        out = [escape(element.text or "")]
        for child in element:
            out.append(self.inline_one(child))
            out.append(escape(child.tail or ""))
        return re.sub(r"\s+", " ", "".join(out))

    def inline_one(self, child):
        tag = child.tag
        if tag == "computeroutput":
            words = re.sub(r"\s+", " ", "".join(child.itertext())).strip()
            if not words:
                return ""
            ticks = "``" if "`" in words else "`"
            refs = child.findall("ref")
            code = f"{ticks}{words}{ticks}"
            target = (
                self.link(refs[0].get("refid")) if len(refs) == 1 and "".join(refs[0].itertext()) == words else None
            )
            return f"[{code}]({target})" if target else code
        if tag == "ref":
            words = self.inline(child)
            target = self.link(child.get("refid")) if words != "Python" else None  # the language, and not the token
            return f"[{words}]({target})" if target else words
        if tag in ("bold", "emphasis"):
            mark = "**" if tag == "bold" else "*"
            return f"{mark}{self.inline(child).strip()}{mark}"
        if tag == "ulink":
            return f"[{self.inline(child)}]({child.get('url')})"
        if tag == "linebreak":
            return " "
        if tag in ("lsquo", "rsquo"):
            return "'"
        if tag in ("anchor",):
            return ""
        if tag == "sp":
            return " "
        if tag in ("ndash", "mdash"):
            return "-"
        return self.inline(child)

    BLOCKS = {
        "itemizedlist",
        "orderedlist",
        "table",
        "programlisting",
        "parameterlist",
        "simplesect",
        "xrefsect",
        "verbatim",
        "para",
        "heading",
        "blockquote",
        "variablelist",
    }

    def blocks(self, element):
        """The lines of what has paragraphs inside."""
        out, words = [], [escape(element.text or "")]

        def flush():
            line = re.sub(r"\s+", " ", "".join(words)).strip()
            if line:
                out.extend([line, ""])
            words.clear()

        for child in element:
            if child.tag in self.BLOCKS:
                flush()
                out.extend(self.block(child))
            elif child.tag in ("sect1", "sect2", "title"):
                flush()
                out.extend(self.blocks(child))
            else:
                words.append(self.inline_one(child))
            words.append(escape(child.tail or ""))
        flush()
        return out

    def block(self, child):
        tag = child.tag
        if tag in ("para", "blockquote"):
            return self.blocks(child)
        if tag == "heading":
            return [f"**{self.inline(child)}**", ""]
        if tag in ("itemizedlist", "orderedlist"):
            out = []
            for number, item in enumerate(child.findall("listitem"), 1):
                lines = self.blocks(item)
                while lines and not lines[-1]:
                    lines.pop()
                lead = "- " if tag == "itemizedlist" else f"{number}. "
                out += [(lead if i == 0 else " " * len(lead)) + line if line else "" for i, line in enumerate(lines)]
            return [*out, ""]
        if tag == "table":
            return self.table(child)
        if tag == "programlisting":
            lines = []
            for line in child.findall("codeline"):
                for space in line.iter("sp"):
                    space.text = " "
                lines.append("".join(line.itertext()))
            return ["```cpp", *lines, "```", ""]
        if tag == "verbatim":
            return ["```text", *(child.text or "").strip("\n").split("\n"), "```", ""]
        if tag == "parameterlist":
            return self.parameters(child)
        if tag == "simplesect":
            title = {"return": "Returns", "see": "See", "note": "Note", "warning": "Warning", "par": None}.get(
                child.get("kind"), child.get("kind").capitalize()
            )
            if title is None:
                title = self.inline(child.find("title")).strip()
            lines = [line for para in child.findall("para") for line in self.blocks(para)]
            while lines and not lines[-1]:
                lines.pop()
            return (
                [f"- **{title}:** " + lines[0], *("  " + line if line else "" for line in lines[1:]), ""]
                if lines
                else []
            )
        if tag == "xrefsect":
            words = " ".join(line for line in self.blocks(child.find("xrefdescription")) if line)
            return [f"- **In PyO3:** {words}", ""]
        return self.blocks(child)

    def table(self, child):
        rows = [
            [" ".join(line for line in self.cell(entry) if line) for entry in row.findall("entry")]
            for row in child.findall("row")
        ]
        if not rows:
            return []
        width = max(map(len, rows))
        rows = [row + [""] * (width - len(row)) for row in rows]
        out = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * width]
        return [*out, *("| " + " | ".join(row) + " |" for row in rows[1:]), ""]

    def cell(self, entry):
        # A bar inside of code would end the cell.
        return [
            re.sub(r"`[^`]*`", lambda code: re.sub(r"(?<!\\)\|", r"\\|", code[0]), line) for line in self.blocks(entry)
        ]

    def parameters(self, child):
        kind = child.get("kind")
        out = []
        for item in child.findall("parameteritem"):
            words = ", ".join(
                "".join(name.itertext()).strip() for name in item.findall("parameternamelist/parametername")
            )
            lines = self.blocks(item.find("parameterdescription"))
            while lines and not lines[-1]:
                lines.pop()
            first = lines[0] if lines else ""
            if words == "where" and first == "Left out.":
                continue
            if kind == "exception":
                lead = f"- **Throws** {self.exception(words)}" + (f": {first}" if first else "")
            else:
                lead = f"- `{words}`" + (f": {first}" if first else "")
            out += [lead, *("  " + line if line else "" for line in lines[1:])]
        return [*out, ""]

    @staticmethod
    def exception(words):
        return f"`{words}`" if words != "Nothing" else "nothing"


def unspaced(code):
    """Doxygen's types, as they are written."""
    code = re.sub(r"\s+", " ", code).strip()
    code = re.sub(r"< ", "<", code)
    while re.search(r" >", code):
        code = re.sub(r" >(?!=)", ">", code, count=1) if re.search(r" >(?!=)", code) else code.replace(" >=", "\0>=")
    code = code.replace("\0", " ")
    code = re.sub(r" ([&*]+) ?(?=[\w.)>,]|$)", r"\1 ", code)
    code = re.sub(r"([&*]) ([),>])", r"\1\2", code).replace("&...", "& ...").replace("& ...", "&...")
    return re.sub(r"\b(adder|std)::(?=\1::)", "", code).replace("adder::", "").strip()


def template_of(xml):
    found = xml.find("templateparamlist")
    out = []
    if found is not None:
        parts = []
        for param in found.findall("param"):
            words = text(param, "type")
            if text(param, "declname") and not re.search(rf"\b{re.escape(text(param, 'declname'))}$", words):
                words += " " + text(param, "declname")
            if text(param, "defval"):
                words += " = " + text(param, "defval")
            parts.append(unspaced(words))
        if parts:
            out.append(wrapped("template <", parts, ">"))
    if text(xml, "requiresclause"):
        out.append("  requires " + unspaced(text(xml, "requiresclause")))
    return out


def wrapped(head, parts, tail, width=88):
    line = head + ", ".join(parts) + tail
    if len(line) <= width or not parts:
        return line
    return head + ",\n    ".join(["\n    " + parts[0], *parts[1:]]) + tail


def arguments_of(xml):
    parts = []
    for param in xml.findall("param"):
        kind, name = text(param, "type"), text(param, "declname")
        if kind in ("Where", "detail::Location", "detail::Caller"):
            continue  # Where the caller is: nobody passes it.
        array = text(param, "array")
        if array and "&" in kind:
            words = kind.replace("&)", f"&{name})")  # T(&name)[N]
            words = words + array
        else:
            words = (kind + " " + name).strip() + array
        if text(param, "defval"):
            words += " = " + text(param, "defval")
        parts.append(unspaced(words))
    return parts


def signature(one):
    xml, kind = one.xml, one.kind
    if kind == "define":
        params = [text(param, "defname") for param in xml.findall("param")]
        return "#define " + one.name + (f"({', '.join(params)})" if xml.find("param") is not None else "")
    lines = template_of(xml)
    if kind == "concept":
        return "\n".join([unspaced(text(xml, "initializer")).replace("template< ", "template <")])
    if kind in ("class", "struct"):
        bases = [
            unspaced("".join(base.itertext()))
            for base in xml.findall("basecompoundref")
            if base.get("prot") == "public"
            and "detail::" not in "".join(base.itertext())
            and one.name not in ("Bound", "Borrowed", "Py")
        ]
        return "\n".join([*lines, f"{kind} {one.name}" + (f" : {', '.join(bases)}" if bases else "")])
    if kind == "enum":
        values = ", ".join(text(value, "name") for value in xml.findall("enumvalue"))
        return "enum " + ("class " if xml.get("strong") == "yes" else "") + f"{one.short} {{ {values} }}"
    if kind == "typedef":
        return "\n".join([*lines, f"using {one.short} = {unspaced(text(xml, 'type'))}"])
    if kind == "variable":
        value = text(xml, "initializer")
        words = (
            ("static " if xml.get("static") == "yes" and one.scope else "")
            + unspaced(text(xml, "type"))
            + " "
            + one.short
        )
        return "\n".join([*lines, unspaced(words) + (" " + value if value and len(value) < 50 else "")])
    arguments = text(xml, "argsstring")
    # Of an explicit(condition) doxygen takes the condition for the arguments.
    if re.match(r"explicit ?\(", text(xml, "type")) or arguments.count("(") != arguments.count(")"):
        arguments = arguments[arguments.find("(") :]
    tail = ""
    depth = 0
    for position, letter in enumerate(arguments):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            tail = arguments[position + 1 :]
            break
    tail = re.sub(r"=\s*(delete|default)", r" = \1", tail).replace("&noexcept", "& noexcept").rstrip()
    tail = re.sub(r"\s*->\s*", " -> ", tail)
    head = unspaced(text(xml, "type"))
    head = re.sub(r"\b(inline|constexpr friend|friend) ", "", head + " ").strip()
    head = (head + " " if head else "") + one.short
    head = re.sub(r"([&*]) (?=\w)", r"\1 ", head)
    if xml.get("static") == "yes" and one.scope and "static" not in head:
        head = "static " + head
    if xml.get("explicit") == "yes" and "explicit" not in head:
        head = "explicit " + head
    head = re.sub(r"^explicit\(.*?\) (?=\w+$)", "explicit(...) ", head)
    return "\n".join(
        [*lines, wrapped(head + "(", arguments_of(xml), ")" + (" " + tail.strip() if tail.strip() else ""))]
    )


def is_plumbing(one):
    """What nobody looks up: it has no comment, and what it is for is said elsewhere."""
    arguments = text(one.xml, "argsstring").replace(" ", "")
    if (
        one.name.startswith(("ADDER_DETAIL", "PY_"))
        or one.short.startswith("@")
        or (one.kind == "variable" and one.short.endswith("_"))
    ):
        return True
    return not one.documented and (
        "=delete" in arguments
        or "=default" in arguments
        or one.short.startswith("~")
        or one.short in ("Where", "Any", "List", "Dict", "Tuple", "Type", "Base", "Methods")
    )


def description(markdown, one):
    out = []
    for part in (one.brief, one.detail):
        if part is not None:
            out += markdown.blocks(part)
    return out


def write(xml_folder, output, layers):
    """Writes output/<layer>/<header>.md and output/index.md; layers is [(folder, [what it adds])].

    Returns the pages of the layers, without their endings.
    """
    entities, files = read(xml_folder)
    by_header = {}
    for one in entities:
        by_header.setdefault(one.header, []).append(one)
    headers = sorted(set(by_header) | set(files))
    headers = [header for header in headers if "/detail/" not in header]

    def page_of(header):
        return re.sub(r"\.hpp$", "", header.removeprefix("adder/")).replace("/", "-") + ".md"

    places = {}
    for one in entities:
        places[one.id] = f"{page_of(one.header)}#{one.id}"
    for header, compound in files.items():
        if header in headers:
            places[compound.get("id")] = page_of(header)
    output.mkdir(parents=True, exist_ok=True)

    # A member may be declared in a class of a low layer and defined in a high one: it stays with its class.
    def link(refid):
        place = places.get(refid) or places.get(re.sub(r"_1[a-z][0-9a-f]{30,}$", "", refid or ""))
        return "site:api/" + place.replace(".md", "", 1) if place else None

    for one in entities:
        for member in one.members:
            places[member.id] = f"{page_of(one.header)}#{member.id}"
            if is_plumbing(member):
                del places[member.id]
        if is_plumbing(one) or is_detail(one.name):
            places = {key: place for key, place in places.items() if key != one.id and not key.startswith(one.id + "_")}
    markdown = Markdown(link)
    briefs, alphabet = {}, []
    for header in headers:
        # Not in the navigation, which would be longer than most pages: the page of the layer leads here.
        layer = header.split("/")[1] if header.count("/") > 1 else ""
        back = f" / [{layer}](site:api/{layer})" if layer in dict(layers) and layer else ""
        lines = [
            "---",
            "orphan: true",
            "---",
            "",
            f"# {header.removeprefix('adder/')}",
            "",
            f"[API reference](site:api/index){back}",
            "",
        ]
        compound = files.get(header)
        if compound is not None:
            briefs[header] = " ".join(markdown.blocks(compound.find("briefdescription"))).strip()
            lines += [briefs[header], "", *markdown.blocks(compound.find("detaileddescription"))]
        lines += ["```cpp", f"#include <{header}>", "```", ""]
        previous = None
        for one in by_header.get(header, []):
            if is_plumbing(one) or is_detail(one.name):
                continue
            if one.short != previous or one.kind != "function":
                lines += [f"## {escape(one.name)}", ""]
                alphabet.append(
                    (one.name, f"site:api/{page_of(header)[:-3]}#{one.id}", KINDS.get(one.kind, one.kind), one)
                )
            previous = one.short
            lines += [f'<a id="{one.id}"></a>', "", "```cpp", signature(one), "```", "", *description(markdown, one)]
            for value in one.xml.findall("enumvalue"):
                words = " ".join(markdown.blocks(value.find("briefdescription"))).strip()
                lines += [f"- `{text(value, 'name')}`" + (f": {words}" if words else "")]
            lines.append("")
            for member in one.members:
                if is_plumbing(member):
                    continue
                lines += [
                    ":::{div} member",
                    "",
                    f'<a id="{member.id}"></a>',
                    "",
                    "```cpp",
                    signature(member),
                    "```",
                    "",
                    *description(markdown, member),
                    ":::",
                    "",
                ]
        (output / page_of(header)).write_text("\n".join(lines) + "\n")

    index = [
        "# API reference",
        "",
        "Every public name, by layer and header. A header includes headers of lower layers only; "
        "[architecture](site:architecture) says why. `adder/adder.hpp` has all but what says "
        "that it is included by itself.",
        "",
        "[All names](site:api/names) are in one list, for the browser's search. A last parameter `where`, which "
        "tells checked "
        "builds where the caller is, is left out here: nobody passes it.",
        "",
    ]
    pages = []
    for layer, adds in layers:
        mine = [header for header in headers if header.startswith(f"adder/{layer}/")]
        if layer == "":
            mine = [header for header in headers if header.count("/") == 1]
        if not mine:
            continue
        rows = ["| header | |", "|---|---|"]
        for header in mine:
            rows.append(
                f"| [{header.removeprefix('adder/')}](site:api/{page_of(header)[:-3]}) | {briefs.get(header, '')} |"
            )
        index += [f"## {layer or 'adder.hpp'}", f"{adds[:1].upper()}{adds[1:]}.".replace("..", "."), "", *rows, ""]
        if layer:
            (output / f"{layer}.md").write_text(
                "\n".join([f"# The layer {layer}", "", f"{adds[:1].upper()}{adds[1:]}.", "", *rows, ""])
            )
            pages.append(layer)
    (output / "index.md").write_text("\n".join(index) + "\n")

    names = ["# All public names", "", "| name | | |", "|---|---|---|"]
    rows = []
    for name, place, kind, one in alphabet:
        brief = " ".join(markdown.blocks(one.brief)).strip() if one.brief is not None else ""
        rows.append((name.lower(), f"| [{escape(name)}]({place}) | {kind} | {brief} |"))
    (output / "names.md").write_text("\n".join([*names, *(row for _, row in sorted(set(rows)))]) + "\n")
    return pages
