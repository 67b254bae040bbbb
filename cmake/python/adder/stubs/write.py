# SPDX-License-Identifier: MIT
"""Lays the text of a stub out, as black and ruff do."""

from __future__ import annotations

import inspect
import re
from typing import List, Optional, Sequence

WIDTH = 88


class Item:
    """A part of a file or of a class: its lines, without the indentation of what is around it."""

    def __init__(self, kind: str, lines: List[str], ends_with_body: bool = False) -> None:
        self.kind = kind  # "variable", "function", "class", "comment", "docstring"
        self.lines = lines
        self.ends_with_body = ends_with_body  # and not with "..." on the line that begins it


def docstring(text: Optional[str]) -> List[str]:
    text = inspect.cleandoc(text or "")
    if not text:
        return []
    text = re.sub(r"[^\S\n]+$", "", text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"'), flags=re.M)
    text = "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode() for each in text
    )
    if text.endswith('"'):
        text = f'{text[:-1]}\\"'
    lines = f'"""{text}'.split("\n")
    if len(lines) > 1:
        lines.append('"""')
    else:
        lines[-1] += '"""'
    return lines


def function(
    name: str,
    parameters: Sequence[str],
    result: str,
    doc: Optional[str],
    depth: int,
    decorators: Sequence[str] = (),
    comment: str = "",
) -> Item:
    body = docstring(doc)
    end = f") -> {result}:" + ("" if body else " ...")
    lines = [f"@{each}" for each in decorators]
    head = f"def {name}("
    room = WIDTH - 4 * depth
    one_line = f"{head}{', '.join(parameters)}{end}"
    if len(one_line) <= room or not parameters:
        lines.append(one_line)
    elif len(", ".join(parameters)) + 4 <= room:
        lines += [head, f"    {', '.join(parameters)}", end]
    else:
        lines += [head, *(f"    {each}," for each in parameters), end]
    lines[-1] += comment
    return Item("function", lines + indent(body), bool(body))


def verbatim(text: str, doc: Optional[str], decorators: Sequence[str] = ()) -> Item:
    body = docstring(doc)
    lines = [*(f"@{each}" for each in decorators), *text.split("\n")]
    lines[-1] += ":" if body else ": ..."
    return Item("function", lines + indent(body), bool(body))


def class_(name: str, bases: Sequence[str], body: List[Item], decorators: Sequence[str] = ()) -> Item:
    head = f"class {name}({', '.join(bases)}):" if bases else f"class {name}:"
    lines = [f"@{each}" for each in decorators]
    if not any(item.kind != "comment" for item in body):
        comments = [line for item in body for line in item.lines]
        if comments:
            return Item("class", lines + [head] + indent(comments) + ["    ..."], True)
        return Item("class", lines + [f"{head} ..."])
    return Item("class", lines + [head] + indent(lay_out(body)), True)


def names(variable: str, values: Sequence[str]) -> List[str]:
    line = f"{variable} = [{', '.join(values)}]"
    if len(line) <= WIDTH:
        return [line]
    return [f"{variable} = [", *(f"    {each}," for each in values), "]"]


def indent(lines: Sequence[str]) -> List[str]:
    return [f"    {line}" if line else "" for line in lines]


def lay_out(items: Sequence[Item], at_top: bool = False) -> List[str]:
    """All lines, with blank ones between items where formatters have them."""
    lines: List[str] = []
    before: Optional[Item] = None
    for item in items:
        if before is not None and _is_apart(before, item, at_top):
            lines.append("")
        lines += item.lines
        before = item
    return lines


def _is_apart(before: Item, item: Item, at_top: bool) -> bool:
    if before.kind == "docstring" or before.ends_with_body:
        return True
    if item.kind == "class" and before.kind == "function" and item.lines[0].startswith("@"):
        return False
    if item.kind == "class" or before.kind == "class":
        return not (item.kind == before.kind and not item.ends_with_body)
    if item.kind == "comment" or before.kind == "comment":
        return at_top and item.kind == "function" and before.kind == "variable"
    return at_top and item.kind != before.kind
