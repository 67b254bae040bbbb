# SPDX-License-Identifier: MIT
"""Goes through one module, and says of each thing in it what a stub says."""

from __future__ import annotations

import ast
import builtins
import collections.abc
import enum
import sys
import types
import typing
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from . import spelling, write
from .notes import Failure
from .overloads import Order
from .runtime import DUNDERS, LEFT_OUT_OF_CLASSES, LEFT_OUT_OF_MODULES, NAMES, PAIRS, REFUSED
from .runtime import doc_of, introspected, is_disjoint, is_function
from .write import Item

if typing.TYPE_CHECKING:
    from .generator import Generator

FUNCTION_KINDS = {
    "function": "",
    "method": "self",
    "classmethod": "cls",
    "staticmethod": "",
    "new": "cls",
    "init": "self",
}
# The base class object has these, and says that they take anything.
TAKE_ANYTHING = {"__eq__", "__ne__"}


class File:
    """The stub of one module."""

    def __init__(self, generator: Generator, name: str) -> None:
        self._generator = generator
        self._notes = generator.notes
        self._name = name
        self._module = generator.modules[name]
        self._depth = 0
        self._own_names = frozenset(key for key in vars(self._module) if key not in LEFT_OUT_OF_MODULES)
        taken = set(self._own_names)
        self._collect_names(vars(self._module), taken)
        self._imports = spelling.Imports(taken)
        self._speller = spelling.Speller(self._imports, self._own, self._complain)
        self._top = spelling.Scope(frozenset(), self._own_names)
        self._where = name
        self._has_type_variable = False
        self._inherited: List[Dict[str, Any]] = []  # Of the method that is described.

    def _complain(self, words: str) -> None:
        self._generator.complain(f"{self._where}: {words}")

    def _collect_names(self, content: Any, taken: Set[str]) -> None:
        for value in list(content.values()):
            if isinstance(value, type) and self._generator.place_of(value) is not None:
                names = set(vars(value)) - taken
                names.update(self._noted_names(value))
                taken.update(name for name in names if not (name.startswith("__") and name.endswith("__")))
                if self._generator.place_of(value)[0] == self._name and names:  # type: ignore[index]
                    self._collect_names(
                        {
                            key: each
                            for key, each in vars(value).items()
                            if isinstance(each, type) and each is not value
                        },
                        taken,
                    )

    def _noted_names(self, cls: type) -> List[str]:
        return list(
            dict.fromkeys(name for owner in self._generator.full_names(cls) for name in self._notes.names(owner))
        )

    def _own(self, dotted: str) -> Optional[Tuple[str, str, bool]]:
        found = self._generator.own(dotted)
        if found is None:
            return None
        module, name, is_generic = found
        return ("" if module == self._name else self._relative(module)), name, is_generic

    def _relative(self, module: str) -> str:
        package = self._name if self._generator.is_package(self._name) else self._name.rpartition(".")[0]
        here, there = package.split(".") if package else [], module.split(".")
        common = 0
        while common < min(len(here), len(there)) and here[common] == there[common]:
            common += 1
        return "." * (len(here) - common + 1) + ".".join(there[common:])

    def _type(self, text: str, scope: spelling.Scope) -> str:
        return self._speller.type(text, scope)

    # --- the file ---------------------------------------------------------------------------------------------------
    def text(self) -> str:
        variables: List[Item] = []
        others: List[Item] = []
        for name in list(vars(self._module)):
            if name in LEFT_OUT_OF_MODULES:
                continue
            self._where = f"{self._name}.{name}"
            for item in self._of_module(name, vars(self._module).get(name)):
                (variables if item.kind == "variable" else others).append(item)
        done: Set[str] = set()
        while True:  # One such class may name another.
            hidden = [each for each in self._generator.hidden.get(self._name, {}).items() if each[0] not in done]
            if not hidden:
                break
            for full, name in hidden:
                done.add(full)
                others.append(self._class(name, None, full, self._top))
        if self._generator.loaded.broken is not None and self._name == self._generator.loaded.module.__name__:
            reason = " ".join(self._generator.loaded.broken.split())
            others.append(
                Item("comment", _comment(f"The declarations end here, as the module's body raised {reason}"))
            )
            others.append(
                write.function(
                    "__getattr__",
                    ["name: " + self._speller.builtin("str", self._top)],
                    self._speller.typing("Any"),
                    None,
                    0,
                )
            )
        if self._has_type_variable:
            # Without a default, type checkers would ask for brackets wherever an object is made.
            variable = self._imports.name("typing_extensions", "TypeVar")
            variables.insert(0, Item("variable", [f'_T = {variable}("_T", default={self._speller.typing("Any")})']))
        exported = vars(self._module).get("__all__")
        if isinstance(exported, (list, tuple)) and all(isinstance(name, str) for name in exported):
            usable = [spelling.literal(name) for name in exported if spelling.is_identifier(name)]
            variables.insert(0, Item("variable", write.names("__all__", usable)))
        doc = write.docstring(self._module.__doc__)
        parts = [doc, self._imports.lines(), write.lay_out([*variables, *others], at_top=True)]
        text = "\n\n".join("\n".join(part) for part in parts if part) + "\n"
        try:
            ast.parse(text)
        except SyntaxError as error:
            line = text.split("\n")[(error.lineno or 1) - 1].strip()
            self._where = self._name
            self._complain(f"the stub is no Python, in the line '{line}': {error.msg}")
        return text

    def _of_module(self, name: str, value: Any) -> List[Item]:
        records = self._notes.of(self._name, name)
        if not spelling.is_identifier(name):
            return [self._unwritable(name, self._name)]
        if isinstance(value, types.ModuleType):
            self._imports.show("." if value.__name__ in self._generator.modules else "", value.__name__, name)
            return []
        if isinstance(value, type):
            shown = self._class_or_alias(name, value, self._top)
            return [shown] if shown is not None else []
        functions = [record for record in records if record["kind"] in FUNCTION_KINDS]
        if functions or is_function(value):
            return self._functions(name, functions, value, "", self._top)
        text = next((record["type"] for record in records if record.get("type")), None) or self._type_of(value)
        return [Item("variable", [f"{name}: {self._speller.typing('Final')}[{self._type(text, self._top)}]"])]

    def _unwritable(self, name: str, owner: str) -> Item:
        what = "a keyword" if name.isidentifier() else "no identifier"
        self._complain(f"left out, as the name {name!r} is {what}")
        return Item("comment", _comment(f"Left out: {name!r} is {what}, and found by getattr() alone."))

    # --- classes ----------------------------------------------------------------------------------------------------
    def _class_or_alias(self, name: str, cls: type, scope: spelling.Scope, outer: str = "") -> Optional[Item]:
        place = self._generator.place_of(cls)
        path = f"{outer}.{name}" if outer else name
        if place == (self._name, path):
            return self._class(name, cls, "", scope, path)
        target = ".".join(place) if place is not None else f"{cls.__module__}.{cls.__qualname__}"
        if place is not None and place[0] != self._name or place is None:
            module, what = (
                (self._relative(place[0]), place[1]) if place is not None else (cls.__module__, cls.__qualname__)
            )
            if not outer and "." not in what and module != "builtins":
                self._imports.show(module, what, name)
                return None
        alias = self._type(target, scope).split("[")[0]
        return Item("variable", [f"{name}: {self._speller.typing('TypeAlias')} = {alias}"])

    def _class(self, name: str, cls: Optional[type], full: str, scope: spelling.Scope, path: str = "") -> Item:
        owners = self._generator.full_names(cls) if cls is not None else [full]
        content: Dict[str, Any] = dict(vars(cls)) if cls is not None else {}
        where, self._where = self._where, f"{self._name}.{path or name}"
        self._depth += 1
        body: List[Item] = []
        decorators: List[str] = []
        doc = next(
            (note["doc"] for note in map(self._notes.of_class, owners) if note.get("doc")), None
        ) or content.get("__doc__")
        doc_lines = write.docstring(doc if isinstance(doc, str) else None)
        if cls is not None and issubclass(cls, enum.Enum):
            doc_lines = [] if doc in (None, "An enumeration.", enum.Enum.__doc__) else doc_lines
            bases = self._bases(cls, owners, scope)
            inner = spelling.Scope(frozenset(content), self._own_names)
            body = self._enum_body(cls, owners, inner)
        else:
            noted = [each for owner in owners for each in self._notes.names(owner)]
            # What type checkers look up in a class: what is declared in its body.
            inner = spelling.Scope(frozenset(content) | frozenset(noted), self._own_names)
            bases = self._bases(cls, owners, scope)
            if cls is None or not cls.__flags__ & 1 << 10:  # Py_TPFLAGS_BASETYPE
                decorators.append(self._speller.typing("final"))
            elif is_disjoint(cls):
                decorators.append(self._imports.name("typing_extensions", "disjoint_base"))
            if cls is None:
                decorators.append(self._speller.typing("type_check_only"))
            body = self._class_body(cls, content, owners, inner, path or name)
        self._depth -= 1
        self._where = where
        if doc_lines:
            body.insert(0, Item("docstring", doc_lines))
        return write.class_(name, bases, body, decorators)

    def _bases(self, cls: Optional[type], owners: Sequence[str], scope: spelling.Scope) -> List[str]:
        noted = next((note["bases"] for note in map(self._notes.of_class, owners) if "bases" in note), None)
        if noted is None:
            noted = []
            for base in cls.__bases__ if cls is not None else ():
                place = self._generator.place_of(base)
                if base is not object:
                    noted.append(".".join(place) if place is not None else f"{base.__module__}.{base.__qualname__}")
        bases = [self._type(text, scope) for text in noted if text != "object"]
        if self._generator.is_generic(cls, owners[0]):
            self._has_type_variable = True
            bases.append(f"{self._speller.typing('Generic')}[_T]")
        return bases

    def _enum_body(self, cls: Any, owners: Sequence[str], scope: spelling.Scope) -> List[Item]:
        body: List[Item] = []
        for name, member in cls.__members__.items():
            if not spelling.is_identifier(name):
                body.append(self._unwritable(name, self._where))
                continue
            value = member._value_
            plain = isinstance(value, (bool, int, str, bytes, float)) and spelling.default(repr(value)) or "..."
            body.append(Item("variable", [f"{name} = {plain}"]))
        for name in dict.fromkeys(each for owner in owners for each in self._notes.names(owner)):
            records = [record for owner in owners for record in self._notes.of(owner, name)]
            if name not in cls.__members__ and name in vars(cls):
                body += self._member(name, vars(cls)[name], records, scope, "")
        return body

    def _class_body(
        self, cls: Optional[type], content: Dict[str, Any], owners: Sequence[str], scope: spelling.Scope, path: str
    ) -> List[Item]:
        variables: List[Item] = []
        others: List[Item] = []
        # In the order of their declarations, which the dict of a C class does not have.
        for name in dict.fromkeys([*(each for owner in owners for each in self._notes.names(owner)), *content]):
            records = [record for owner in owners for record in self._notes.of(owner, name)]
            if (
                name == "__init__" and not records
            ):  # Of a base that has one: it is called with what __new__ was called.
                records = [_as_init(record) for owner in owners for record in self._notes.of(owner, "__new__")]
            is_static = any(record["kind"].startswith("static_") for record in records)
            if cls is not None and name not in content and not is_static:
                continue
            if not records and (name in LEFT_OUT_OF_CLASSES or self._is_nobodys(name, content.get(name), owners)):
                continue
            if cls is not None and name == "__hash__" and content[name] is None and cls.__base__.__hash__ is None:
                continue  # Of a base that has said so.
            if name == "__class_getitem__" and self._generator.is_generic(cls, owners[0]):
                continue  # Generic has it.
            self._where = f"{self._name}.{path}.{name}"
            if not spelling.is_identifier(name) or (name.startswith("__") and not name.endswith("__")):
                if not name.startswith("__adder"):
                    others.append(
                        self._unwritable(name, path) if not spelling.is_identifier(name) else self._mangled(name)
                    )
                continue
            self._inherited = self._inherited_signatures(cls, name)
            for item in self._member(name, content.get(name), records, scope, path):
                (variables if item.kind == "variable" else others).append(item)
        return variables + others

    def _inherited_signatures(self, cls: Optional[type], name: str) -> List[Dict[str, Any]]:
        """What the nearest base class that has a method of the name says of it."""
        if cls is None or name in ("__new__", "__init__"):
            return []
        for base in cls.__mro__[1:]:
            owners = self._generator.full_names(base)
            found = [
                each
                for owner in owners
                for record in self._notes.of(owner, name)
                for each in record.get("signatures", [])
            ]
            if found:
                return found
        return []

    def _is_nobodys(self, name: str, value: Any, owners: Sequence[str]) -> bool:
        """Of what no declaration noted: what adder has for itself, and what CPython makes where a slot has two halves. The
        other half refuses whatever it is asked; who has the one, and not the other, is asked for it by stubtest."""
        if not name.startswith("_"):
            return False
        if name not in DUNDERS:
            return is_function(value) and not (name.startswith("__") and name.endswith("__"))
        if not isinstance(value, types.WrapperDescriptorType) or REFUSED not in DUNDERS[name][0]:
            return False
        return not any(self._notes.of(owner, PAIRS.get(name, "")) for owner in owners)

    def _mangled(self, name: str) -> Item:
        self._complain("left out, as classes change names with two underscores in front")
        return Item(
            "comment", _comment(f"Left out: {name!r}, as classes change names with two underscores in front.")
        )

    def _member(
        self, name: str, value: Any, records: List[Dict[str, Any]], scope: spelling.Scope, path: str
    ) -> List[Item]:
        kinds = {record["kind"]: record for record in records}
        if name == "__hash__" and value is None and not records:
            class_var = self._speller.typing("ClassVar")
            return [Item("variable", [f"__hash__: {class_var}[None]  # type: ignore[assignment]"])]
        if name == "__dataclass_fields__":
            return [self._class_variable(name, "dict[str, dataclasses.Field[typing.Any]]", scope)]
        if name == "__match_args__" and isinstance(value, tuple):
            inside = ", ".join(spelling.literal(each) for each in value)
            return [Item("variable", [f"__match_args__ = ({inside}{',' * (len(value) == 1)})"])]
        if "static_getter" in kinds or "static_setter" in kinds:
            text = (kinds.get("static_getter") or kinds["static_setter"])["type"]
            return [self._class_variable(name, text, scope)]
        if kinds.keys() & {"getter", "setter", "deleter"}:
            return self._property(name, kinds, value, scope)
        functions = [record for record in records if record["kind"] in FUNCTION_KINDS]
        if not functions and isinstance(value, type):
            shown = self._class_or_alias(name, value, scope, path)
            return [shown] if shown is not None else []
        if not functions and isinstance(value, (types.GetSetDescriptorType, types.MemberDescriptorType, property)):
            return self._property(name, {}, value, scope)
        if functions or is_function(value) or isinstance(value, (classmethod, staticmethod)):
            first = "self"
            if functions:
                first = FUNCTION_KINDS[functions[0]["kind"]]
            elif isinstance(value, (types.ClassMethodDescriptorType, classmethod)):
                first = "cls"
            elif isinstance(value, (types.BuiltinFunctionType, staticmethod)):
                first = ""
            return self._functions(name, functions, value, first, scope, in_class=True)
        text = next((record["type"] for record in records if record.get("type")), None) or self._type_of(value)
        return [self._class_variable(name, text, scope)]

    def _class_variable(self, name: str, text: str, scope: spelling.Scope) -> Item:
        return Item("variable", [f"{name}: {self._speller.typing('ClassVar')}[{self._type(text, scope)}]"])

    def _property(self, name: str, kinds: Dict[str, Dict[str, Any]], value: Any, scope: spelling.Scope) -> List[Item]:
        getter, setter = kinds.get("getter"), kinds.get("setter")
        doc = next((each["doc"] for each in (getter, setter) if each and each.get("doc")), None) or doc_of(value)
        result = self._type(getter["type"], scope) if getter else self._speller.typing("NoReturn" if kinds else "Any")
        items = [write.function(name, ["self"], result, doc, self._depth, [self._speller.builtin("property", scope)])]
        if setter:
            items.append(
                write.function(
                    name,
                    ["self", f"value: {self._type(setter['type'], scope)}"],
                    "None",
                    None,
                    self._depth,
                    [f"{name}.setter"],
                )
            )
        if "deleter" in kinds:
            items.append(write.function(name, ["self"], "None", None, self._depth, [f"{name}.deleter"]))
        return items

    # --- functions --------------------------------------------------------------------------------------------------
    def _functions(
        self,
        name: str,
        records: List[Dict[str, Any]],
        value: Any,
        first: str,
        scope: spelling.Scope,
        in_class: bool = False,
    ) -> List[Item]:
        decorators = []
        if in_class and first == "cls" and name not in ("__new__", "__class_getitem__", "__init_subclass__"):
            decorators = [self._speller.builtin("classmethod", scope)]
        elif in_class and first == "" and name != "__new__":
            decorators = [self._speller.builtin("staticmethod", scope)]
        signatures = [signature for record in records for signature in record.get("signatures", [])]
        doc = next((record["doc"] for record in records if record.get("doc")), None)
        if doc is None and not (name.startswith("__") and name.endswith("__")):
            doc = doc_of(value)
        if not signatures:
            signatures = [introspected(name, value)]
        if in_class and name in ("__pow__", "__rpow__"):
            signatures = [_with_modulus(each) for each in signatures]
        order = Order(self._generator.class_of)
        signatures = order.sorted(signatures)
        spelled: Dict[Tuple[str, ...], Tuple[Optional[List[str]], str, Dict[str, Any]]] = {}
        for signature in signatures:
            if signature.get("text"):
                spelled[(self._verbatim(name, signature["text"], scope),)] = (None, "", signature)
                continue
            parameters = self._parameters(name, signature.get("parameters", []), scope)
            result = (
                self._speller.typing("Self")
                if name == "__new__"
                else self._type(signature.get("result", "None"), scope)
            )
            # Of two overloads with the same parameters, nobody gets to the second.
            spelled.setdefault(tuple(each.split(" = ")[0] for each in parameters), (parameters, result, signature))
        if len(spelled) > 1:
            decorators.insert(0, self._speller.typing("overload"))
        items = []
        for i, (key, (own, result, signature)) in enumerate(spelled.items()):
            if own is None:
                items.append(write.verbatim(key[0], doc, decorators))
            else:
                given = ([first] if first else []) + own
                if given[1:2] == ["/"] and first:
                    del given[1]
                comment = _override_comment(name, own)
                if len(spelled) == 1 and in_class and order.breaks(self._inherited, signature):
                    comment = "  # type: ignore[override]"
                if name != "__new__" and any(
                    order.clashes(signature, later[2]) for later in list(spelled.values())[i + 1 :]
                ):
                    comment = comment or "  # type: ignore[overload-overlap]"
                items.append(write.function(name, given, result, doc, self._depth, decorators, comment))
            doc = None
        return items

    def _parameters(self, function: str, parameters: List[Dict[str, Any]], scope: spelling.Scope) -> List[str]:
        found: List[str] = []
        was = ""
        used: Set[str] = set()
        for i, parameter in enumerate(parameters):
            kind, name = parameter["kind"], parameter.get("name") or f"arg{i}"
            if function in DUNDERS and name == f"arg{i}":
                name = NAMES.get(function, ("value",) * 2)[i]
            if was == "positional_only" and kind != was:
                found.append("/")
            if kind == "keyword_only" and was not in ("keyword_only", "var_positional"):
                found.append("*")
            if not spelling.is_identifier(name):
                if kind != "positional_only":
                    self._complain(
                        f"the parameter {name!r} is {'a keyword' if name.isidentifier() else 'no identifier'}: the stub "
                        "has another name for it"
                    )
                name = "".join(each if each.isalnum() else "_" for each in name)
                name = f"arg_{name}" if not spelling.is_identifier(name) and not name.isidentifier() else f"{name}_"
            while name in used or name in ("self", "cls"):
                name += "_"
            used.add(name)
            stars = {"var_positional": "*", "var_keyword": "**"}.get(kind, "")
            text = f"{stars}{name}: {self._type(parameter.get('type', 'typing.Any'), scope)}"
            if "default" in parameter:
                text += f" = {spelling.default(parameter['default'])}"
            found.append(text)
            was = kind
        if was == "positional_only":
            found.append("/")
        return found

    def _verbatim(self, name: str, text: str, scope: spelling.Scope) -> str:
        text = text.strip().rstrip(":").rstrip()
        if text.startswith("("):
            text = f"def {name}{text}"
        try:
            tree = ast.parse(text + ": ...")
        except SyntaxError as error:
            raise Failure(f"{self._where}: its sig() is no Python: {error.msg}, in '{text}'") from None
        for dotted in _names_in(tree):
            self._import_as_spelled(dotted, scope)
        return text

    def _import_as_spelled(self, dotted: str, scope: spelling.Scope) -> None:
        first = dotted.split(".")[0]
        if first in self._own_names or first in scope.names or (hasattr(builtins, first) and "." not in dotted):
            return
        if "." in dotted:
            self._imports.keep_module(spelling.split(dotted)[0])
            return
        for module, names in spelling.NEWER.items():
            if first in names:
                self._imports.name(module, first)
                return
        for module, home in ("collections.abc", collections.abc), ("typing", typing):
            if hasattr(home, first):
                self._imports.name(module, first)
                return
        self._complain(f"its sig() names '{dotted}', which is nothing that a stub knows: put its module in front")

    # --- values -----------------------------------------------------------------------------------------------------
    def _type_of(self, value: Any, depth: int = 0) -> str:
        if value is None:
            return "None"
        cls = type(value)
        if cls in (list, set, frozenset) and depth < 3:
            return f"{cls.__name__}[{self._union(value, depth)}]"
        if cls is dict and depth < 3:
            return f"dict[{self._union(value.keys(), depth)}, {self._union(value.values(), depth)}]"
        if cls is tuple and depth < 3:
            if not value:
                return "tuple[()]"
            if len(value) > 8:
                return f"tuple[{self._union(value, depth)}, ...]"
            return f"tuple[{', '.join(self._type_of(each, depth + 1) for each in value)}]"
        if isinstance(value, types.ModuleType):
            return "types.ModuleType"
        if is_function(value):
            return "collections.abc.Callable[..., typing.Any]"
        place = self._generator.place_of(cls)
        if place is not None:
            return ".".join(place)
        home: Any = sys.modules.get(cls.__module__)
        for part in cls.__qualname__.split("."):
            home = getattr(home, part, None)
        return f"{cls.__module__}.{cls.__qualname__}" if home is cls else "typing.Any"

    def _union(self, values: Any, depth: int) -> str:
        found = list(dict.fromkeys(self._type_of(each, depth + 1) for each in values))
        if not found or len(found) > 4:
            return "typing.Any"
        return " | ".join(sorted(found) if isinstance(values, (set, frozenset)) else found)


def _comment(text: str) -> List[str]:
    lines, line = [], "#"
    for word in text.split():
        if len(line) + 1 + len(word) > write.WIDTH - 8 and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def _as_init(record: Dict[str, Any]) -> Dict[str, Any]:
    signatures = [
        {**signature, "result": "None"} for signature in record.get("signatures", []) if "text" not in signature
    ]
    return {**record, "kind": "init", "name": "__init__", "signatures": signatures, "doc": None}


def _with_modulus(signature: Dict[str, Any]) -> Dict[str, Any]:
    """CPython's slot has a third operand, also where the declaration has two: pow(x, y) gives None for it."""
    given = signature.get("parameters", [])
    modulus = {
        "name": "mod",
        "kind": "positional_only",
        "type": "None",
        **(given[1] if len(given) > 1 else {}),
        "default": "None",
    }
    return {**signature, "parameters": [*given[:1], modulus]}


def _override_comment(name: str, parameters: List[str]) -> str:
    """Type checkers want to hear of an __eq__ that does not take everything, as that of object does."""
    if name in TAKE_ANYTHING and parameters and ": object" not in parameters[0]:
        return "  # type: ignore[override]"
    return ""


def _names_in(tree: ast.AST) -> Iterator[str]:
    found: Dict[str, None] = {}
    inside: Set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inside:
            dotted, at = [], node
            while isinstance(at, ast.Attribute):
                dotted.append(at.attr)
                at = at.value  # type: ignore[assignment]
                inside.add(id(at))
            if isinstance(at, ast.Name):
                found[".".join([at.id, *reversed(dotted)])] = None
        elif isinstance(node, ast.Name) and id(node) not in inside:
            found[node.id] = None
    yield from found
