# SPDX-License-Identifier: MIT
"""Usage: extract_snippets.py <output folder> <page.md>...

Writes the ```cpp blocks of the pages to <output folder>/<test>/snippet.cpp, and prints a line for each:

    <test> module <module name> <script>      a block with ADDER_MODULE
    <test> program - -                        a block with int main, whether or not it has modules inside

The script is the ```python block that follows before the next ```cpp block, or else a plain import. It becomes
script.txt, for doctest, if it shows a session (">>> "), and script.py otherwise. Further sessions belong to the first.

Of README.md only the first block is taken. A block below a line <!-- no-test --> is left out, and so is one below
<!-- quote -->: each line of that is a line of a block of the same page that is compiled. Any other has to be a module or
a program.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"^(?P<skip><!-- (?P<how>no-test|quote) -->\n+)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(page):
    """Yields (line number, C++ text, Python text or None)."""
    content = page.read_text()
    blocks = [match for match in BLOCK.finditer(content) if not match["skip"]]
    for position, block in enumerate(blocks):
        if block["language"] != "cpp":
            continue
        script = None
        for later in blocks[position + 1:]:
            if later["language"] == "cpp":
                break
            if later["language"] != "python":
                continue
            if script is None:
                script = later["text"]
            elif script.startswith(">>> ") and later["text"].startswith(">>> "):
                script += "\n" + later["text"]
        yield content.count("\n", 0, block.start("text")) + 1, block["text"], script


def check_quotes(page):
    """Quotes that are not in the page's own code end the run."""
    content = page.read_text()
    blocks = list(BLOCK.finditer(content))
    lines = {line.strip() for block in blocks if not block["skip"] for line in block["text"].splitlines()}
    for block in blocks:
        for number, line in enumerate(block["text"].splitlines() if block["how"] == "quote" else []):
            if line.strip() not in lines | {"", "// ..."}:
                at = content.count("\n", 0, block.start("text")) + number + 1
                sys.exit(f"{page}:{at}: a quote of no block of this page: {line.strip()}")


def write_if_different(path, text):
    """Leaves an equal file alone, so that it is not compiled again."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def extract(page, output):
    check_quotes(page)
    found = list(snippets(page))
    if page.name == "README.md":
        found = found[:1]
    for number, (line, text, script) in enumerate(found, start=1):
        test = "docs.readme" if page.name == "README.md" else f"docs.{page.stem}.{number}"
        write_if_different(output / test / "snippet.cpp", f'#line {line + 1} "{page.name}"\n{text}')
        if re.search(r"\bint main\(", text):
            print(test, "program - -")
        elif module := re.search(r"\bADDER_MODULE\((\w+)", text):
            script = script or f"import {module[1]}\n"
            name = "script.txt" if script.startswith(">>>") else "script.py"
            write_if_different(output / test / name, script)
            print(test, "module", module[1], name)
        else:
            sys.exit(f"{page}:{line}: neither a module nor a program; if it is meant so, put <!-- no-test --> above it")


for argument in sys.argv[2:]:
    extract(pathlib.Path(argument), pathlib.Path(sys.argv[1]))
