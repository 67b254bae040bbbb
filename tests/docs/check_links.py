# SPDX-License-Identifier: MIT
"""Usage: check_links.py <root> [<page.md>...]

Each local link of the Markdown files leads to a file or folder, and each #anchor to a heading, or an <a id="...">, of
the page it names. Anchors are made of headings as forges do: lower case, no punctuation, hyphens for spaces, and a
number for each that comes again. Without pages it reads all that the repository has.
"""

import pathlib
import re
import sys
import urllib.parse

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")


def blank(match):
    """Leaves the lines, so that problems have their numbers."""
    return "\n" * match[0].count("\n")


def text_of(page):
    text = FENCE.sub(blank, page.read_text())
    text = COMMENT.sub(blank, text)
    return re.sub(r"(`+)[^`\n]+\1", lambda match: re.sub(r"[\[\]()]", "x", match[0]), text)


def anchors(page, known={}):
    if page not in known:
        text = FENCE.sub(blank, page.read_text())
        found = set(re.findall(r'<a id="([^"]+)">', text))
        for heading in re.findall(r"^#{1,6} +(.*?)\s*#*$", text, re.MULTILINE):
            heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
            slug = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
            number = 0
            while (name := f"{slug}-{number}" if number else slug) in found:
                number += 1
            found.add(name)
        known[page] = found
    return known[page]


def problems(page, root):
    text = text_of(page)
    for match in LINK.finditer(text):
        target = match[1]
        if re.match(r"[a-z][a-z0-9+.-]*:", target) or not target:
            continue
        path, _, anchor = urllib.parse.unquote(target).partition("#")
        file = (page.parent / path).resolve() if path else page.resolve()
        where = f"{page.relative_to(root)}:{text.count(chr(10), 0, match.start()) + 1}"
        if not file.exists():
            yield f"{where}: there is no {path}"
        elif root not in [file, *file.parents]:
            yield f"{where}: {path} is outside of the project"
        elif anchor and (file.suffix != ".md" or anchor not in anchors(file)):
            yield f"{where}: {path or page.name} has no #{anchor}"


root = pathlib.Path(sys.argv[1]).resolve()
pages = [pathlib.Path(page).resolve() for page in sys.argv[2:]] or [
    page
    for page in sorted(root.rglob("*.md"))
    if not re.match(r"(build|[^/]*/node_modules|\.cache|docs/html)", str(page.relative_to(root)))
]
found = [problem for page in pages for problem in problems(page, root)]
links = sum(len(LINK.findall(text_of(page))) for page in pages)
print(*found, f"{len(pages)} pages, {links} links, {len(found)} problems", sep="\n")
sys.exit(bool(found) or len(pages) < 1)
