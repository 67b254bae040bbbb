# SPDX-License-Identifier: MIT
"""Usage: build.py --output FOLDER --xml FOLDER [--source-url URL]

Builds the site: FOLDER/source has the pages, FOLDER/html the result. The sources are the Markdown files of the
repository, which are read on the forge too; so everything that only the site needs is added here:
- the navigation, below, which names each page of docs/ once;
- links to files that are no pages: to URL/<path> if there is a URL, and otherwise only their text stays;
- the pages of the API, from doxygen's XML.
A warning of Sphinx, and a page that is in no list, are errors.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import api

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

# A page that is not there is left out; one of guide/ that is not listed comes last there.
NAVIGATION = {
    "First steps": "guide/getting-started start/tutorial-extension start/tutorial-embedding start/cheat-sheet",
    "Guide": """
        guide/functions guide/modules guide/classes guide/conversions guide/errors guide/python-from-cpp guide/embedding
        guide/threads guide/sharing guide/parts guide/containers guide/operators guide/enums guide/data-classes guide/reflection
        guide/variants guide/generators guide/callbacks guide/arrays guide/stubs guide/testing guide/debugging
        guide/packaging guide/raw
    """,
    "Coming from": """
        coming-from/pybind11 coming-from/nanobind coming-from/pyo3 guide/pyo3-names coming-from/c-api
    """,
    "Reference": """
        api/index guide/misuse reference/messages reference/compile-errors reference/performance reference/benchmarks
        reference/limits reference/platforms
    """,
    "Project": """
        architecture design/index project/changelog project/contributing project/versioning project/releasing
        project/security
    """,
}
# Files elsewhere that are pages of the site.
ELSEWHERE = {
    "README.md": None,  # Its links come to the first page.
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    ".github/SECURITY.md": "project/security.md",
    "benchmarks/README.md": "reference/benchmarks.md",
}
LAYERS_END = "## A handle"
# A link, or code that may look like one: `[](Python) {}`.
LINK = re.compile(r"`+[^`\n]+`+|(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)")


def pages():
    """{file of the repository: page of the site}"""
    found = {path.relative_to(ROOT): str(path.relative_to(DOCS)) for path in sorted(DOCS.rglob("*.md"))}
    for name, page in ELSEWHERE.items():
        if (ROOT / name).exists():
            found[pathlib.Path(name)] = page or "index.md"
    for path in sorted(ROOT.glob("examples/*/README.md")):
        found[path.relative_to(ROOT)] = f"examples/{path.parent.name}.md"
    return found


def header_page(path):
    """The page of the API for a public header."""
    inside = re.fullmatch(r"include/adder/(?!.*detail/)(.*)\.hpp", path)
    return "api/" + inside[1].replace("/", "-") + ".md" if inside else None


def with_links(text, file, page, known, url):
    """The text with its links as the site needs them."""

    def sub(match):
        image, words, target = match.groups()
        if target is None:
            return match[0]
        if not words:
            sys.exit(f"{file}: a link without words: {match[0]}")
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            return match[0]
        path, _, anchor = target.partition("#")
        if not path:
            return f"{image}[{words}](site:{page.removesuffix('.md')}#{anchor})"
        there = pathlib.Path(os.path.normpath(file.parent / path))
        to = known.get(there) or known.get(there / "README.md") or header_page(there.as_posix())
        if to:
            return f"{image}[{words}](site:{to.removesuffix('.md')}{'#' + anchor if anchor else ''})"
        return f"[{words}]({url}/{there.as_posix()})" if url else words

    out = []
    for block in re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL):
        out.append(block if block.startswith("```") else LINK.sub(sub, block))
    return "".join(out)


def flush_left(text):
    """Quotes of what is indented in the file begin at the left."""
    return re.sub(
        r"^<!-- quote -->\n+```(\w+)\n(.*?)^```$",
        lambda match: f"```{match[1]}\n{textwrap.dedent(match[2])}```",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )


def without_tests(text):
    """The tables of what misuse does without their last column, whose links lead to sources."""
    text = re.sub(r"^(\|.*\|)[^|]*\|$", r"\1", text, flags=re.MULTILINE)
    return text.replace("Each line names the test that holds it true.", "A test holds each line true.")


def beside(text):
    """Code of the peer, and that of adder right below it, are named, and shown as one thing."""
    peer = re.match(r"# Coming from (?:the )?([^:\n]*)", text)[1]
    fence = r"```\w+\n(?:(?!```).*\n)*```$"
    side = ":::{{div}} side\n**{}**\n\n{}\n:::\n"
    return re.sub(
        rf"^<!-- no-test -->\n+({fence}\n)((?:\s|<!--[^>]*-->)*)({fence}\n)",
        lambda match: f"::::{{div}} beside\n\n{side.format(peer, match[1])}\n{side.format('adder', match[3])}\n"
        "::::\n",
        text,
        flags=re.MULTILINE,
    )


def toctree(entries, caption=""):
    head = ["", "```{toctree}", ":hidden:"] + ([f":caption: {caption}"] if caption else [])
    return "\n".join([*head, "", *entries, "```", ""])


def parts_of(page):
    """The pages that a page lists under "More about ...": its parts."""
    section = re.search(r"^## More about .*?$(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"\]\(([\w-]+)\.md\)$", section[1], re.MULTILINE) if section else []


def compile_messages():
    """A page of all texts with which something does not compile: each says what to write instead."""
    out = [
        "# Compile errors",
        "",
        "All messages that begin with `adder:`, by layer and header. Each says what to write instead;",
        "[what misuse does](site:guide/misuse) says why. In the middle of a compiler's output, look for "
        "the first `adder:`.",
        "",
    ]
    layer = None
    for header in sorted((ROOT / "include/adder").rglob("*.hpp")):
        path = header.relative_to(ROOT / "include/adder")
        text = header.read_text()
        found = []
        for asked in re.findall(r'static_assert\((?:[^;"]|"(?!adder: ))*?((?:"(?:[^"\\\n]|\\.)*"\s*)+)\)', text):
            message = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', asked)).replace('\\"', '"')
            if message.startswith("adder: ") and message not in found:
                found.append(message)
        if found and path.parts[0] != layer:
            layer = path.parts[0]
            out += [f"## {layer}", ""]
        if found:
            name = str(path)
            page = header_page(f"include/adder/{name}")
            out += [f"**[{name}](site:{page.removesuffix('.md')})**" if page else f"**{name}**", ""]
            out += [f"- {api.escape(message.removeprefix('adder: '))}" for message in found] + [""]
    return "\n".join(out) + "\n"


def lost_anchors(html):
    """Local links of the result that lead nowhere."""
    ids, hrefs = {}, []
    for path in sorted(html.rglob("*.html")):
        if "_static" in path.parts:
            continue
        text = path.read_text()
        ids[path] = set(re.findall(r'\bid="([^"]+)"', text))
        body = text.partition("<article")[2].partition("</article>")[0]
        hrefs += [(path, href) for href in re.findall(r'href="([^"]+)"', body) if not re.match(r"[a-z]+:", href)]
    for path, href in hrefs:
        page, _, anchor = href.partition("#")
        to = pathlib.Path(os.path.normpath(path.parent / page)) if page else path
        if not to.exists() or (anchor and to in ids and anchor not in ids[to]):
            yield f"{path.relative_to(html)}: {href} leads nowhere"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--xml", type=pathlib.Path, required=True)
    parser.add_argument("--source-url", default="")
    options = parser.parse_args()
    config = (ROOT / "include/adder/base/config.hpp").read_text()
    version = ".".join(re.search(rf"ADDER_VERSION_{part} (\d+)", config)[1] for part in ("MAJOR", "MINOR", "PATCH"))

    source = options.output / "source"
    for old in ("source", "doctrees", "html"):
        shutil.rmtree(options.output / old, ignore_errors=True)
    known, parts = pages(), set()
    for file, page in known.items():
        if file == pathlib.Path("README.md"):
            continue
        to = source / page
        to.parent.mkdir(parents=True, exist_ok=True)
        text = with_links((ROOT / file).read_text(), file, page, known, options.source_url.rstrip("/"))
        text = flush_left(text)
        if page.startswith("coming-from/"):
            text = beside(text)
        if page == "reference/messages-compile.md":
            text = text.replace("These are the ones", "[All of them](site:reference/compile-errors) are on a page. These are the ones")
        if page.startswith("guide/misuse") and not options.source_url:
            text = without_tests(text)
        if page == "index.md":
            text = text.replace("the API reference", "the [API reference](site:api/index)")
        if file.parts[0] == "docs" and (mine := parts_of(ROOT / file)):
            text += toctree(mine)
            parts.update(f"{pathlib.PurePosixPath(page).parent}/{part}" for part in mine)
        to.write_text(text)

    # The layers, and what they add, are those of the table in docs/architecture.md.
    table = (DOCS / "architecture.md").read_text().partition(LAYERS_END)[0]
    layers = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    layer_pages = api.write(options.xml, source / "api", [*layers, ("", "The header that includes the core.")])
    with (source / "api/index.md").open("a") as index:
        index.write(toctree(["names", *layer_pages]))

    design = sorted(path.stem for path in (source / "design").glob("0*.md"))
    lines = ["# Design notes", "", "Why it is done this way: a page for each decision, in their order.", ""]
    for name in design:
        title = (source / f"design/{name}.md").read_text().partition("\n")[0].lstrip("# ")
        lines.append(f"- [{title}]({name}.md)")
    (source / "design/index.md").write_text("\n".join(lines) + "\n" + toctree(design))
    (source / "reference/compile-errors.md").write_text(compile_messages())
    examples = sorted(path.stem for path in (source / "examples").glob("*.md"))
    with (source / "index.md").open("a") as index:
        for caption, entries in NAVIGATION.items():
            entries = [entry for entry in entries.split() if (source / f"{entry}.md").exists() and entry not in parts]
            if caption == "Guide":
                placed = {*parts, *" ".join(NAVIGATION.values()).split()}
                entries += [page for page in sorted(f"guide/{path.stem}" for path in (source / "guide").glob("*.md"))
                            if page not in placed]
            index.write(toctree(entries, caption))
            if caption == "Guide" and examples:
                index.write(toctree([f"examples/{name}" for name in examples], "Examples"))

    site = DOCS / "site"
    shutil.copytree(site / "_static", source / "_static")
    for name in ("conf.py", "directives.py"):
        shutil.copy(site / name, source / name)
    environment = {**os.environ, "ADDER_VERSION": version, "PYTHONPATH": str(source)}
    sphinx = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "2", "-b", "html"]
    folders = ["-d", options.output / "doctrees", source, options.output / "html"]
    status = subprocess.run([*sphinx, *folders], env=environment, check=False).returncode
    lost = list(lost_anchors(options.output / "html"))
    print(*lost, sep="\n", end="\n" if lost else "")
    return status or bool(lost)


if __name__ == "__main__":
    sys.exit(main())
