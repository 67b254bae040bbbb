# SPDX-License-Identifier: MIT
"""What adder.stubs makes of notes, without a compiler: modules that are made up, with notes that are written by hand."""

import ast
import enum
import json
import pathlib
import sys
import types

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "cmake" / "python" / "adder"))
from stubs.generator import Generator  # noqa: E402
from stubs.notes import Failure, Loaded, Notes  # noqa: E402


def note(owner, name, kind="function", parameters=(), result="None", **more):
    if kind in {
        "getter",
        "setter",
        "deleter",
        "static_getter",
        "static_setter",
        "attribute",
        "class",
        "enum",
        "unknown",
    }:
        return {"owner": owner, "name": name, "kind": kind, **more}
    signature = {
        "parameters": [dict(zip(("name", "kind", "type", "default"), each)) for each in parameters],
        "result": result,
    }
    return {"owner": owner, "name": name, "kind": kind, "signatures": [signature], **more}


def made(content, *records, broken=None, name="demo"):
    module = types.ModuleType(name)
    vars(module).update(content)
    for value in content.values():
        if isinstance(value, type) and value.__module__ == __name__:
            value.__module__ = name
    notes = Notes(json.dumps({"version": 1, "records": list(records)}))
    return Generator(Loaded(module, notes, broken))


def text(content, *records, **more):
    found = made(content, *records, **more).texts["demo.pyi"]
    ast.parse(found)
    return found


def function():
    pass


def a_class(name="Thing", bases=(), **content):
    return type(name, bases, {"__module__": "demo", "__qualname__": name, **content})


OR, ONLY, POSITION = "positional_or_keyword", "keyword_only", "positional_only"


def test_parameters_have_their_kinds_and_defaults():
    found = text(
        {"f": function},
        note(
            "demo",
            "f",
            parameters=[
                ("a", POSITION, "int"),
                ("b", OR, "str", "'it'"),
                ("args", "var_positional", "int"),
                ("c", ONLY, "bool", "True"),
                ("kwargs", "var_keyword", "typing.Any"),
            ],
            result="list",
        ),
    )
    assert (
        'def f(\n    a: int, /, b: str = "it", *args: int, c: bool = True, **kwargs: Any\n) -> list[Any]: ...\n'
        in found
    )
    found = text(
        {"f": function}, note("demo", "f", parameters=[("a", ONLY, "int", "<object>"), ("b", ONLY, "float", "-1.5")])
    )
    assert "def f(*, a: int = ..., b: float = -1.5) -> None: ...\n" in found


def test_long_signatures_are_broken_as_formatters_do():
    three = [(letter * 20, OR, "int") for letter in "abc"]
    found = text({"f": function}, note("demo", "f", parameters=three))
    assert f"def f(\n    {', '.join(f'{each[0]}: int' for each in three)}\n) -> None: ...\n" in found
    five = [(letter * 20, OR, "int") for letter in "abcde"]
    found = text({"f": function}, note("demo", "f", parameters=five))
    assert "def f(\n" + "".join(f"    {each[0]}: int,\n" for each in five) + ") -> None: ...\n" in found


@pytest.mark.parametrize(
    "given, spelled, imported",
    [
        (
            "collections.abc.Callable[[int], str] | None",
            "Callable[[int], str] | None",
            "from collections.abc import Callable",
        ),
        ("collections.abc.Callable", "Callable[..., Any]", "from typing import Any"),
        ("datetime.datetime", "datetime", "from datetime import datetime"),
        (
            "numpy.typing.NDArray[numpy.float64]",
            "NDArray[float64]",
            "from numpy import float64\nfrom numpy.typing import NDArray",
        ),
        ("typing.Literal['a', -1]", 'Literal["a", -1]', "from typing import Literal"),
        ("typing.Annotated[int, annotated_types.Ge(0)]", "Annotated[int, Ge(0)]", "from annotated_types import Ge"),
        ("typing.Self", "Self", "from typing_extensions import Self"),
        ("tuple[()]", "tuple[()]", ""),
        ("tuple[int, ...]", "tuple[int, ...]", ""),
        ("dict", "dict[Any, Any]", "import Any"),
        ("demo.Thing", "Thing", ""),
        ("demo.Thing.Inner", "Thing.Inner", ""),
        ("other.Outer.Inner", "Outer.Inner", "from other import Outer"),
    ],
)
def test_types_are_spelled_short(given, spelled, imported):
    inner = a_class("Thing.Inner")
    found = text({"Thing": a_class(Inner=inner), "f": function}, note("demo", "f", result=given))
    assert f"def f() -> {spelled}: ...\n" in found and imported in found


def test_what_a_name_hides_is_named_in_full():
    found = text(
        {"Any": a_class("Any"), "list": function, "f": function},
        note("demo", "f", result="list[typing.Any]"),
        note("demo", "list"),
    )
    assert "import builtins\nimport typing\n" in found and "def f() -> builtins.list[typing.Any]: ..." in found


def test_a_type_that_is_no_python_is_any_and_named():
    found = made({"f": function}, note("demo", "f", result="std::vector<int>"))
    assert found.complaints == ["demo.f: the type 'std::vector<int>' is no Python expression"]
    assert "def f() -> Any: ..." in found.texts["demo.pyi"]


def test_overloads_are_decorated_and_the_first_has_the_docstring():
    record = note("demo", "f", parameters=[("a", OR, "int")], result="int", doc="Takes \\ either.")
    record["signatures"] += [
        {"parameters": [{"name": "a", "kind": OR, "type": "str"}], "result": "str"},
        {"parameters": [{"name": "a", "kind": OR, "type": "int"}], "result": "bytes"},
    ]
    found = text({"f": function}, record)
    assert found.endswith(
        '@overload\ndef f(a: int) -> int:\n    """Takes \\\\ either."""\n\n@overload\ndef f(a: str) -> str: ...\n'
    )


def overloads(*types_and_results, content=()):
    record = note("demo", "f")
    record["signatures"] = [
        {"parameters": [{"name": "a", "kind": OR, "type": given}], "result": result}
        for given, result in types_and_results
    ]
    found = text({**dict(content), "f": function}, record)
    return [line for line in found.splitlines() if line.startswith("def f(")]


def test_overloads_that_take_less_go_first():
    level = enum.IntEnum("Level", {"LOW": 1}, module="demo")
    assert overloads(
        ("object", "None"), ("int", "None"), ("demo.Level", "None"), ("str", "None"), content={"Level": level}
    ) == [
        "def f(a: Level) -> None: ...",
        "def f(a: int) -> None: ...",
        "def f(a: str) -> None: ...",
        "def f(a: object) -> None: ...",
    ]
    found = overloads(
        ("float", "float"), ("collections.abc.Sequence[str]", "int"), ("int", "int"), ("str", "int"), ("bool", "str")
    )
    assert found == [
        "def f(a: bool) -> str: ...  # type: ignore[overload-overlap]",
        "def f(a: int) -> int: ...",
        "def f(a: float) -> float: ...",
        "def f(a: str) -> int: ...",
        "def f(a: Sequence[str]) -> int: ...",
    ]
    assert overloads(("int | None", "int"), ("str | None", "str"))[0].endswith("# type: ignore[overload-overlap]")


def test_text_is_taken_as_it_is():
    record = note("demo", "f", doc="What it does.")
    record["signatures"] = [{"text": "(x: datetime.date, *, y: Iterable[Thing] = ...) -> Literal['a']"}]
    found = text({"Thing": a_class(), "f": function}, record)
    assert "def f(x: datetime.date, *, y: Iterable[Thing] = ...) -> Literal['a']:\n" in found
    assert (
        "import datetime\n" in found
        and "from collections.abc import Iterable\n" in found
        and "import Literal\n" in found
    )
    record["signatures"] = [{"text": "(x: int"}]
    with pytest.raises(Failure, match=r"^demo\.f: its sig\(\) is no Python"):
        made({"f": function}, record)
    record["signatures"] = [{"text": "(x: Unheard) -> int"}]
    assert "names 'Unheard'" in made({"f": function}, record).complaints[0]


def test_properties_have_what_they_have():
    thing = a_class(**{name: property() for name in "abcd"})
    found = text(
        {"Thing": thing},
        note("demo.Thing", "a", "getter", type="int", doc="The a."),
        note("demo.Thing", "b", "getter", type="int"),
        note("demo.Thing", "b", "setter", type="float"),
        note("demo.Thing", "b", "deleter"),
        note("demo.Thing", "c", "setter", type="int"),
        note("demo.Thing", "s", "static_getter", type="int"),
    )
    assert (
        '    s: ClassVar[int]\n    @property\n    def a(self) -> int:\n        """The a."""\n\n    @property\n'
        in found
    )
    assert (
        "    @b.setter\n    def b(self, value: float) -> None: ...\n    @b.deleter\n    def b(self) -> None: ...\n"
        in found
    )
    assert "    def c(self) -> NoReturn: ...\n    @c.setter\n" in found and "    def d(self) -> Any: ...\n" in found


def test_methods_are_of_their_kind():
    thing = a_class(m=function, c=classmethod(function), s=staticmethod(function), property=function)
    found = text(
        {"Thing": thing},
        note("demo.Thing", "__new__", "new", [("x", OR, "int")]),
        note("demo.Thing", "m", "method"),
        note("demo.Thing", "c", "classmethod"),
        note("demo.Thing", "s", "staticmethod"),
        note("demo.Thing", "property", "method"),
    )
    assert (
        "    def m(self) -> None: ...\n    @classmethod\n    def c(cls) -> None: ...\n    @staticmethod\n    def s() -> None: ...\n"
        in found
    )


def test_classes_have_bases_generics_and_match_args():
    base = a_class("Base")
    thing = a_class(
        "Thing", (base, dict), __class_getitem__=classmethod(function), __match_args__=("x",), __hash__=None
    )
    found = text(
        {"Base": base, "Thing": thing, "Alias": thing, "f": function},
        note("demo", "Thing", "class", generic=True),
        note("demo", "f", result="demo.Thing"),
    )
    assert '_T = TypeVar("_T", default=Any)\n' in found and "import TypeVar" in found and "class Thing(Base, dict[Any, Any], Generic[_T]):\n" in found
    assert '    __match_args__ = ("x",)\n' in found
    assert "__hash__" not in found  # As dict has it.
    assert "def f() -> Thing[Any]: ...\n" in found and "Alias: TypeAlias = Thing\n" in found
    found = text({"Thing": a_class(__hash__=None)})
    assert "    __hash__: ClassVar[None]  # type: ignore[assignment]\n" in found


def test_methods_that_break_with_their_base_say_so():
    base = a_class("Base", f=function, g=function, h=function)
    thing = a_class("Thing", (base,), f=function, g=function, h=function)
    found = text(
        {"Base": base, "Thing": thing},
        note("demo.Base", "f", "method", [("a", OR, "int")], result="demo.Base"),
        note("demo.Thing", "f", "method", [("a", OR, "float")], result="demo.Thing"),
        note("demo.Base", "g", "method", [("a", OR, "int")]),
        note("demo.Thing", "g", "method", [("a", OR, "str")]),
        note("demo.Base", "h", "method", result="datetime.date"),
        note("demo.Thing", "h", "method", result="datetime.datetime"),
    )
    thing_text = found[found.index("class Thing") :]
    assert "    def f(self, a: float) -> Thing: ...\n" in thing_text
    assert "    def g(self, a: str) -> None: ...  # type: ignore[override]\n" in thing_text
    assert "    def h(self) -> datetime: ...\n" in thing_text


def test_enums_have_their_values():
    colour = enum.IntEnum("Colour", {"RED": 1, "None_": 2}, module="demo")
    found = text({"Colour": colour})
    assert "class Colour(IntEnum):\n    RED = 1\n    None_ = 2\n" in found


def test_values_have_types():
    found = text({"a": 1, "b": [1, "x"], "c": {"k": 1.5}, "d": (1, None), "e": object(), "f": None})
    assert [line for line in found.splitlines() if "Final[" in line] == [
        "a: Final[int]",
        "b: Final[list[int | str]]",
        "c: Final[dict[str, float]]",
        "d: Final[tuple[int, None]]",
        "e: Final[object]",
        "f: Final[None]",
    ]


def test_a_class_that_no_module_has_is_private():
    found = text(
        {"f": function},
        note("demo", "f", result="demo.Hidden"),
        note("demo.Hidden", "next", "getter", type="demo.Other"),
    )
    assert "def f() -> _Hidden: ...\n" in found and "@type_check_only\nclass _Hidden:\n" in found
    assert "    def next(self) -> _Other: ...\n" in found and "class _Other: ...\n" in found


def test_a_broken_module_takes_any_name():
    found = text({"f": function}, note("demo", "f"), broken="ValueError: no\nway")
    assert found.endswith("raised ValueError: no way\ndef __getattr__(name: str) -> Any: ...\n")


def test_things_of_others_are_imported():
    found = text({"Path": pathlib.Path, "json": json, "number": int})
    assert "import json as json\n" in found and "from pathlib import Path as Path\n" in found
    assert "number: TypeAlias = int\n" in found


def test_submodules_are_files_of_a_package():
    sub = types.ModuleType("demo.sub")
    sub.Point = a_class("Point")
    sub.Point.__module__ = "demo.sub"
    found = made({"sub": sub, "f": function}, note("demo", "f", result="demo.sub.Point"))
    assert set(found.texts) == {"demo/__init__.pyi", "demo/sub.pyi"}
    assert "from . import sub as sub\n" in found.texts["demo/__init__.pyi"]
    assert "from .sub import Point\n" in found.texts["demo/__init__.pyi"]


def test_a_module_in_a_package_is_one_file():
    assert set(made({}, name="package._core").texts) == {"_core.pyi"}


def test_notes_of_another_version_are_refused():
    with pytest.raises(Failure, match="take both from one version of adder"):
        Notes('{"version": 2, "records": []}')
