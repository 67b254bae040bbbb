# SPDX-License-Identifier: MIT
"""Writes types down as one .pyi file may spell them, and collects the imports that this takes."""

from __future__ import annotations

import ast
import builtins
import keyword
from typing import Callable, Dict, FrozenSet, List, Optional, Set, Tuple

# What modules have only in Pythons that are newer than the oldest that adder knows: type checkers have them from here.
NEWER = {
    "typing": {
        "Self",
        "Never",
        "LiteralString",
        "Unpack",
        "Required",
        "NotRequired",
        "TypeVarTuple",
        "assert_never",
        "assert_type",
        "override",
        "dataclass_transform",
        "TypeIs",
        "ReadOnly",
        "TypeAliasType",
    },
    "collections.abc": {"Buffer"},
    "warnings": {"deprecated"},
}

# Generic classes, and what stands in the brackets where a type names the class alone.
GENERIC = {
    "list": "Any",
    "set": "Any",
    "frozenset": "Any",
    "dict": "Any, Any",
    "tuple": "Any, ...",
    "type": "Any",
    "collections.deque": "Any",
    "collections.defaultdict": "Any, Any",
    "collections.OrderedDict": "Any, Any",
    "collections.Counter": "Any",
    "os.PathLike": "Any",
    "re.Pattern": "Any",
    "re.Match": "Any",
    "numpy.ndarray": "Any, Any",
    "numpy.dtype": "Any",
    "numpy.typing.NDArray": "Any",
    "types.MappingProxyType": "Any, Any",
    **{
        f"{module}.{name}": arguments
        for module in ("collections.abc", "typing")
        for name, arguments in {
            "Callable": "..., Any",
            "Iterable": "Any",
            "Iterator": "Any",
            "Sequence": "Any",
            "MutableSequence": "Any",
            "Mapping": "Any, Any",
            "MutableMapping": "Any, Any",
            "Set": "Any",
            "MutableSet": "Any",
            "AbstractSet": "Any",
            "Collection": "Any",
            "Container": "Any",
            "Generator": "Any, Any, Any",
            "Coroutine": "Any, Any, Any",
            "Awaitable": "Any",
            "Reversible": "Any",
            "KeysView": "Any",
            "ValuesView": "Any",
            "ItemsView": "Any, Any",
            "AsyncIterator": "Any",
            "AsyncIterable": "Any",
        }.items()
    },
}


def is_identifier(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def split(dotted: str) -> Tuple[str, str]:
    """("collections.abc", "Callable"), ("demo", "Outer.Inner"). Nothing is imported to find out: it may not be there."""
    parts = dotted.split(".")
    for i in range(1, len(parts) - 1):
        if parts[i][:1].isupper():
            return ".".join(parts[:i]), ".".join(parts[i:])
    return ".".join(parts[:-1]), parts[-1]


class Scope:
    """The names that a class body, and the file around it, give a meaning of their own."""

    def __init__(self, names: FrozenSet[str], outer: FrozenSet[str] = frozenset()) -> None:
        self.names = names  # of the class
        self.outer = outer  # of the file


class Imports:
    """The imports of one file. Names are shortened where the file has nothing of that name anywhere."""

    def __init__(self, taken: Set[str]) -> None:
        self._taken = taken
        self._short: Dict[str, Tuple[str, str]] = {}  # the name here, and what it is
        self._whole: Set[str] = set()
        self._renamed: Dict[str, str] = {}
        self._shown: List[Tuple[str, str]] = []

    def name(self, module: str, name: str) -> str:
        """How the file spells a name of a module."""
        first = name.split(".")[0]
        if module == "builtins":
            return name if first not in self._taken else f"{self.module('builtins')}.{name}"
        if first in NEWER.get(module, ()):
            module = "typing_extensions"
        usable = first not in self._taken and not hasattr(builtins, first)
        if usable and self._short.setdefault(first, (module, first)) == (module, first):
            return name
        if module.startswith("."):  # Of the same package, which has no other way to be named.
            self._short[f"_{first}"] = (module, first)
            return f"_{name}"
        return f"{self.module(module)}.{name}"

    def module(self, module: str) -> str:
        root = module.split(".")[0]
        if root in self._taken or root in self._short:
            self._renamed[module] = "_" + module.replace(".", "_")
            return self._renamed[module]
        self._whole.add(module)
        return module

    def show(self, module: str, what: str, name: str) -> None:
        """Imports a thing that the module has under a name of its own: for others to import it from here."""
        if not module:
            self._shown.append((what, f"import {what} as {name}"))
        elif module == ".":
            self._shown.append((".", f"from . import {name} as {name}"))
        else:
            self._shown.append((module, f"from {module} import {what} as {name}"))

    def keep_module(self, module: str) -> None:
        """Imports a module under its own name, which text spells that is taken as it is."""
        self._whole.add(module)

    def lines(self) -> List[str]:
        by_module: Dict[str, List[str]] = {}
        for name, (module, what) in self._short.items():
            by_module.setdefault(module, []).append(name if name == what else f"{what} as {name}")
        found = [(_import_order(module), f"import {module}") for module in self._whole]
        found += [(_import_order(module), line) for module, line in self._shown]
        for module, name in self._renamed.items():
            found.append((_import_order(module), f"import {module} as {name}"))
        for module, names in by_module.items():
            found.append((_import_order(module), _from_line(module, sorted(names, key=_name_order))))
        # As isort has them: the package's own last, and of the others those that import whole modules first.
        return [line for _, line in sorted(found, key=lambda each: (each[0][0], each[1].startswith("from"), each))]


def _import_order(module: str) -> Tuple[bool, str]:
    return module.startswith("."), module


def _name_order(name: str) -> Tuple[bool, str]:
    return not name.isupper(), name


def _from_line(module: str, names: List[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 88:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


class Speller:
    """Types as one file spells them."""

    def __init__(
        self, imports: Imports, own: Callable[[str], Optional[Tuple[str, str, bool]]], complain: Callable[[str], None]
    ) -> None:
        self._imports = imports
        self._own = own  # of a full name: the module, "" for this one; the name there; whether it is generic
        self._complain = complain

    def builtin(self, name: str, scope: Scope) -> str:
        if name in scope.names or name in scope.outer:
            return f"{self._imports.module('builtins')}.{name}"
        return name

    def typing(self, name: str) -> str:
        return self._imports.name("typing", name)

    def type(self, text: str, scope: Scope) -> str:
        try:
            tree = ast.parse(text, mode="eval").body
        except SyntaxError:
            self._complain(f"the type '{text}' is no Python expression")
            return self.typing("Any")
        return self._spell(tree, scope)

    def _spell(self, node: ast.AST, scope: Scope, in_brackets: bool = False) -> str:
        if isinstance(node, ast.Constant):
            return "..." if node.value is ... else literal(node.value)
        if isinstance(node, (ast.Name, ast.Attribute)):
            dotted = _dotted(node)
            if dotted is not None:
                return self._named(dotted, scope, in_brackets)
        if isinstance(node, ast.Subscript):
            index = node.slice
            is_literal = _dotted(node.value) in ("typing.Literal", "typing_extensions.Literal")
            if isinstance(index, ast.Tuple) and index.elts:
                inside = ", ".join(self._argument(each, scope, is_literal) for each in index.elts)
            else:
                inside = self._argument(index, scope, is_literal)
            return f"{self._spell(node.value, scope, True)}[{inside}]"
        if isinstance(node, ast.List):
            return f"[{', '.join(self._spell(each, scope) for each in node.elts)}]"
        if isinstance(node, ast.Tuple):
            return f"({', '.join(self._spell(each, scope) for each in node.elts)}{',' * (len(node.elts) == 1)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return f"{self._spell(node.left, scope)} | {self._spell(node.right, scope)}"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{self._spell(node.operand, scope)}"
        if isinstance(node, ast.Call):  # In Annotated.
            given = [self._spell(each, scope) for each in node.args]
            given += [f"{each.arg}={self._spell(each.value, scope)}" for each in node.keywords]
            return f"{self._spell(node.func, scope, True)}({', '.join(given)})"
        return ast.unparse(node)

    def _argument(self, node: ast.AST, scope: Scope, is_literal: bool) -> str:
        # Texts elsewhere would be types that are written down in quotes: nobody needs those in a stub.
        return self._spell(node, scope)

    def _named(self, dotted: str, scope: Scope, in_brackets: bool) -> str:
        if dotted.startswith("builtins."):
            dotted = dotted[len("builtins.") :]
        any_ = f"[{GENERIC[dotted]}]" if not in_brackets and dotted in GENERIC else ""
        if any_:
            any_ = any_.replace("Any", self.typing("Any"))
        own = self._own(dotted)
        if own is not None:
            module, name, is_generic = own
            any_ = f"[{self.typing('Any')}]" if is_generic and not in_brackets else ""
            if module:
                return self._imports.name(module, name) + any_
            if name.split(".")[0] in scope.names:  # A member of the class hides it.
                return f"{self._imports.module(dotted[:-len(name) - 1])}.{name}{any_}"
            return name + any_
        if "." not in dotted:
            if not hasattr(builtins, dotted):
                self._complain(f"the type '{dotted}' has no module in front, and is no built-in one")
                return self.typing("Any")
            return self.builtin(dotted, scope) + any_
        return self._imports.name(*split(dotted)) + any_


def _dotted(node: ast.AST) -> Optional[str]:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        value = _dotted(node.value)
        return None if value is None else f"{value}.{node.attr}"
    return None


def literal(value: object) -> str:
    """As repr() has it, but with the quotes that formatters want."""
    text = repr(value)
    if isinstance(value, (str, bytes)) and text.endswith("'") and '"' not in text:
        start = text.index("'")
        return f'{text[:start]}"{text[start + 1:-1]}"'
    return text


def default(text: Optional[str]) -> str:
    """The default of a parameter: what is a short literal, and dots for the rest."""
    if text is None:
        return "..."
    try:
        value = ast.literal_eval(text)
        spelled = literal(value)
        return spelled if len(spelled) <= 50 and ast.literal_eval(spelled) == value else "..."
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return "..."
