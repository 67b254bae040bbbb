# SPDX-License-Identifier: MIT
"""Puts the signatures of an overload set into the order that type checkers want.

adder calls the function that fits best; type checkers take the first one that fits. So those that take less go first.
"""

from __future__ import annotations

import ast
import builtins
import collections.abc
from typing import Any, Callable, Dict, List, Optional

Signature = Dict[str, Any]
TOWER = ["int", "float", "complex"]  # Type checkers let each be given for those behind it.


class Order:
    def __init__(self, class_of: Callable[[str], Optional[type]]) -> None:
        self._own = class_of  # of a full name

    def sorted(self, signatures: List[Signature]) -> List[Signature]:
        found: List[Signature] = []
        for each in signatures:
            at = next((i for i, other in enumerate(found) if self._takes_less(each, other)), len(found))
            found.insert(at, each)
        return found

    def clashes(self, one: Signature, later: Signature) -> bool:
        """Whether type checkers complain: something fits both, and the results differ."""
        if "text" in one or "text" in later or self._all(one.get("result", "None"), later.get("result", "None")):
            return False
        return self._compare(one, later, self._some)

    def breaks(self, base: List[Signature], own: Signature) -> bool:
        """Whether type checkers complain that a method does not take, or give, what that of the base class does. Of classes
        that are not known here, it is taken for granted that it does."""
        if "text" in own:
            return False
        return any("text" not in each and not self._stands_in(own, each) for each in base)

    def _stands_in(self, own: Signature, base: Signature) -> bool:
        def fits(one: str, other: str) -> bool:
            known = all(self._class(_split(part)[0]) for text in (one, other) for part in _parts(text))
            return not known or self._all(one, other)

        return self._compare(base, own, fits) and fits(own.get("result", "None"), base.get("result", "None"))

    def _takes_less(self, one: Signature, other: Signature) -> bool:
        if "text" in one or "text" in other:
            return False
        return self._compare(one, other, self._all) and not self._compare(other, one, self._all)

    def _compare(self, one: Signature, other: Signature, fits: Callable[[str, str], bool]) -> bool:
        """Whether each argument for the one fits the other, too."""
        here, there = one.get("parameters", []), other.get("parameters", [])
        shared = min(len(here), len(there))
        rest = [*here[shared:], *there[shared:]]
        if any("default" not in each and not each["kind"].startswith("var_") for each in rest):
            return False
        for mine, yours in zip(here, there):
            if mine["kind"] == "keyword_only" and mine.get("name") != yours.get("name"):
                return False
            if not fits(mine.get("type", "typing.Any"), yours.get("type", "typing.Any")):
                return False
        return True

    def _all(self, one: str, other: str) -> bool:
        return all(any(self._is_a(part, whole) for whole in _parts(other)) for part in _parts(one))

    def _some(self, one: str, other: str) -> bool:
        return any(self._is_a(part, whole) for part in _parts(one) for whole in _parts(other))

    def _is_a(self, one: str, other: str) -> bool:
        if one == other or other == "object":
            return True
        head, arguments = _split(one)
        other_head, other_arguments = _split(other)
        narrow, wide = self._class(head), self._class(other_head)
        if narrow is None or wide is None:
            return False
        name = next((base for base in TOWER if issubclass(narrow, getattr(builtins, base))), None)
        if name in TOWER and other_head in TOWER:
            return TOWER.index(other_head) >= TOWER.index(name)
        try:
            if not issubclass(narrow, wide):
                return False
        except TypeError:
            return False
        if narrow is str and other_arguments:
            arguments = ["str"]
        return (
            len(arguments) == len(other_arguments)
            and all(map(self._all, arguments, other_arguments))
            or not other_arguments
        )

    def _class(self, name: str) -> Optional[type]:
        own = self._own(name)
        if own is not None:
            return own
        home: Any = collections.abc if name.startswith("collections.abc.") else builtins
        found = type(None) if name == "None" else getattr(home, name.rpartition(".")[2], None)
        return found if isinstance(found, type) else None


def _parts(text: str) -> List[str]:
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return [text]
    found: List[str] = []
    while isinstance(node, ast.BinOp):
        found.insert(0, ast.unparse(node.right))
        node = node.left
    return [ast.unparse(node), *found]


def _split(text: str) -> "tuple[str, List[str]]":
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Subscript):
        return text, []
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return ast.unparse(node.value), [ast.unparse(each) for each in inside]
