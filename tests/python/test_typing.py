# SPDX-License-Identifier: MIT
"""What a stub build notes of the types of all that is bound: `__adder_types__`, as JSON."""
import ast
import json

import pytest

import typing_ext as ext

NOTES = json.loads(ext.__adder_types__)
RECORDS = NOTES["records"]


def records(owner, name, kind=None):
    owner = f"typing_ext.{owner}" if owner else "typing_ext"
    return [r for r in RECORDS if r["owner"] == owner and r["name"] == name and kind in (None, r["kind"])]


def record(owner, name, kind=None):
    [found] = [r for r in records(owner, name, kind) if r["kind"] != "unknown"]
    return found


def shown(signature):
    """As Python would write it, marks and all."""
    if "text" in signature:
        return signature["text"]
    words, slash, star = [], False, False
    for p in signature["parameters"]:
        if slash and p["kind"] != "positional_only":
            words.append("/")
        slash = p["kind"] == "positional_only"
        if p["kind"] == "keyword_only" and not star:
            words.append("*")
        star = star or p["kind"] in ("keyword_only", "var_positional")
        mark = {"var_positional": "*", "var_keyword": "**"}.get(p["kind"], "")
        default = f" = {p['default']}" if "default" in p else ""
        words.append(f"{mark}{p['name']}: {p['type']}{default}")
    return f"({', '.join(words + ['/'] * slash)}) -> {signature['result']}"


def signatures(owner, name, kind=None):
    return [shown(s) for s in record(owner, name, kind)["signatures"]]


def test_the_body_ran_to_its_end():
    assert "error" not in NOTES and NOTES["version"] == 1


def test_all_types_are_expressions():
    for r in RECORDS:
        if r["kind"] == "unknown":
            continue
        for s in r.get("signatures", []):
            if "text" in s:
                ast.parse(f"def f{s['text']}: ...")
            for p in s["parameters"]:
                ast.parse(p["type"], mode="eval")
                ast.parse(p.get("default", "..."), mode="eval")
                assert p["name"].isidentifier()
            ast.parse(s["result"], mode="eval")
        ast.parse(r.get("type", "None"), mode="eval")


NUMBERS = "collections.abc.Sequence[int]"


@pytest.mark.parametrize(
    "name, taken, given",
    [
        ("int", "int", "int"),
        ("uint8", "int", "int"),
        ("bool", "bool", "bool"),
        ("float", "float", "float"),
        ("char", "str", "str"),
        ("str", "str", "str"),
        ("u16str", "str", "str"),
        ("view", "str", "None"),
        ("bytes", "bytes", "None"),
        ("bytes_like", "typing_extensions.Buffer", "None"),
        ("backed", "str", "str"),
        ("complex", "complex", "complex"),
        ("path", "str | bytes | os.PathLike[str] | os.PathLike[bytes]", "pathlib.Path"),
        ("delta", "datetime.timedelta", "datetime.timedelta"),
        ("time", "datetime.datetime", "datetime.datetime"),
        ("date", "datetime.date", "datetime.date"),
        ("vector", NUMBERS, "list[int]"),
        ("deque", "collections.abc.Sequence[str]", "list[str]"),
        ("list", "collections.abc.Sequence[float]", "list[float]"),
        ("array", NUMBERS, "list[int]"),
        ("octets", f"typing_extensions.Buffer | {NUMBERS}", "bytes"),
        ("raw", "typing_extensions.Buffer", "bytes"),
        ("set", "collections.abc.Set[int] | collections.abc.Iterator[int]", "set[int]"),
        ("unordered_set", "collections.abc.Set[str] | collections.abc.Iterator[str]", "set[str]"),
        ("map", "collections.abc.Mapping[str, collections.abc.Sequence[float]]", "dict[str, list[float]]"),
        ("unordered_map", "collections.abc.Mapping[int, bool]", "dict[int, bool]"),
        ("pair", "tuple[int, str] | list[int | str]", "tuple[int, str]"),
        ("no_tuple", "tuple[()]", "tuple[()]"),
        ("tuple", "tuple[int, int] | list[int]", "tuple[int, int]"),
        ("optional", "int | None", "int | None"),
        ("union", "int | str | None", "int | str | None"),
        ("monostate", "float | None", "float | None"),
        (
            "function",
            f"collections.abc.Callable[[str, list[int]], {NUMBERS}] | None",
            f"collections.abc.Callable[[str, {NUMBERS}], list[int]]",
        ),
        ("action", "collections.abc.Callable[[], object] | None", "collections.abc.Callable[[], None]"),
        ("celsius", "float | decimal.Decimal", "float"),
        ("matrix", f"list[{NUMBERS}]", "list[list[int]]"),
        ("many_celsius", "collections.abc.Sequence[float | decimal.Decimal | None]", "list[float | None]"),
        ("unsaid", "typing.Any", "None"),
        ("place", "collections.abc.Mapping[str, float | str]", "dict[str, float | str]"),
        ("level", "typing.Literal[0, 1]", "typing.Literal[0, 1]"),
        ("color", "typing_ext.Color", "typing_ext.Color"),
        ("row", "tuple[float, str]", "typing_ext.Row"),
    ],
)
def test_conversions_each_way(name, taken, given):
    assert signatures("conversions", name) == [f"(value: {taken}) -> {given}"]


@pytest.mark.parametrize(
    "name, given",
    [
        ("text", "str"),
        ("map_of_lists", "dict[tuple[int, ...], int]"),
        ("result", "str"),
        ("no_result", "None"),
    ],
)
def test_results(name, given):
    assert signatures("conversions", name) == [f"() -> {given}"]


@pytest.mark.parametrize(
    "name, taken, given",
    [
        ("any", "object", "typing.Any"),
        ("dict", *["dict[typing.Any, typing.Any]"] * 2),
        ("any_list", *["list[typing.Any]"] * 2),
        ("any_tuple", *["tuple[typing.Any, ...]"] * 2),
        ("any_int", "int", "int"),
        ("type", *["type[typing.Any]"] * 2),
        ("module", *["types.ModuleType"] * 2),
        ("frame", *["types.FrameType"] * 2),
        ("datetime", *["datetime.datetime"] * 2),
        ("sequence", *["collections.abc.Sequence[typing.Any]"] * 2),
        ("mapping", *["collections.abc.Mapping[typing.Any, typing.Any]"] * 2),
        ("iterator", *["collections.abc.Iterator[typing.Any]"] * 2),
        ("error", "ValueError", "ValueError"),
        ("none", "None", "None"),
        ("decimal", *["decimal.Decimal"] * 2),
        ("nowhere", *["no.such.module.Thing"] * 2),
        ("counter", *["typing_ext.Counter"] * 2),
        ("borrowed", "typing_ext.Counter", "None"),
        ("held", "typing_ext.Held", "typing_ext.Held | None"),
        ("many_held", "collections.abc.Sequence[typing_ext.Held]", "list[typing_ext.Held]"),
        ("point", *["typing_ext.Point"] * 2),
    ],
)
def test_handles_and_classes(name, taken, given):
    assert signatures("handles", name) == [f"(value: {taken}) -> {given}"]


def test_a_class_that_no_module_has_is_noted():
    assert signatures("handles", "orphan") == ["() -> typing_ext.Orphan"] and record("", "Orphan", "class")


def test_conversions_that_say_nothing_are_named():
    [unknown] = records("conversions", "unsaid", "unknown")
    assert unknown["type"].endswith("::Unsaid")
    assert [r["type"] for r in records("conversions", "many_unsaid", "unknown")] == [unknown["type"]]
    assert signatures("conversions", "many_unsaid") == ["(value: collections.abc.Mapping[str, typing.Any]) -> None"]
    assert not records("conversions", "celsius", "unknown")


def test_a_hint_that_names_itself_ends():
    [signature] = signatures("conversions", "endless")
    assert signature.startswith("(value: list[list[list[") and "typing.Any]" in signature


def test_arrays():
    assert signatures("arrays", "array_any") == ["(value: numpy.typing.NDArray[numpy.float64]) -> None"]
    assert signatures("arrays", "array_form") == [
        "(value: typing.Annotated[numpy.typing.NDArray[numpy.float32], "
        '"writable C-contiguous (n, 3) array of float32"]) -> None'
    ]
    assert signatures("arrays", "array_converted") == ["(value: numpy.typing.ArrayLike) -> None"]
    assert signatures("arrays", "buffer") == ["(value: typing_extensions.Buffer) -> None"]
    assert signatures("arrays", "made_numpy") == ["() -> numpy.typing.NDArray[numpy.complex128]"]
    assert signatures("arrays", "made_view") == ["() -> memoryview"]
    assert signatures("arrays", "made") == ["() -> typing_extensions.Buffer"]
    either = "float | numpy.typing.NDArray[typing.Any]"
    assert signatures("arrays", "scale") == [f"(x: {either}, by: {either} = 2.0) -> typing.Any"]


def test_kinds_of_parameters_and_defaults():
    assert signatures("", "variadic") == ["(a: int, *args: typing.Any, b: int, **kwargs: typing.Any) -> str"]
    assert signatures("", "defaults") == [
        f"(i: int = -1, /, x: float = 1.5, *, s: str = \"it's\", v: {NUMBERS} = [1, 2], "
        "c: typing_ext.Color = typing_ext.Color.GREEN, inf: float = ..., g: int | types.EllipsisType = ...) -> int"
    ]
    assert signatures("", "strict") == ["(x: float, by: typing.Any) -> float"]
    assert records("", "strict", "unknown")
    assert signatures("", "strict_said") == ["(x: float, by: str) -> float"] and not records("", "strict_said", "unknown")


def test_sig_is_kept_verbatim():
    assert signatures("", "said") == ["(x: 'int', /) -> int"]
    assert signatures("Counter", "said") == ["(self, other: int | str) -> typing.Literal[1]"]
    assert signatures("", "either") == ["(x: int) -> int", "(x: str) -> str"]


def test_generators():
    assert signatures("", "counting") == ["(n: int) -> collections.abc.Generator[int, float | None, str]"]


def test_classes():
    assert record("", "Counter", "class").get("generic") is True and record("", "Color", "enum")
    assert signatures("Counter", "__new__", "new") == [
        "(start: int = 0) -> typing_extensions.Self",
        "(text: str) -> typing_extensions.Self",
    ]
    assert signatures("Counter", "add", "method") == ["(by: int = 1) -> int"]
    assert signatures("Counter", "same") == ["() -> typing_extensions.Self"]
    assert signatures("Counter", "change") == ["(by: int) -> int", "(factor: float) -> typing_ext.Counter"]
    assert signatures("Counter", "make", "staticmethod") == ["(text: str) -> typing_ext.Counter"]
    assert signatures("Counter", "of", "classmethod") == ["(n: int) -> typing_ext.Counter"]
    assert {r["kind"]: r.get("type") for r in records("Counter", "total")} == {
        "getter": "int",
        "setter": "int",
        "deleter": None,
    }
    assert {r["kind"]: r["type"] for r in records("Counter", "limit")} == {
        "static_getter": "int",
        "static_setter": "int",
    }
    assert record("Counter", "MAX", "attribute")["type"] == "int"
    assert record("Counter", "samples", "getter")["type"] == "numpy.typing.NDArray[numpy.float64]"
    assert record("Counter", "Inner", "class") and record("Counter.Inner", "x", "setter")["type"] == "int"
    assert record("", "version", "attribute")["type"] == "str"


def test_dunders():
    counter = "typing_ext.Counter"
    assert signatures("Counter", "__iter__") == ["() -> collections.abc.Iterator[float]"]
    assert signatures("Counter", "each_sample") == ["() -> collections.abc.Iterator[float]"]
    assert signatures("Counter", "__next__") == ["() -> int"]
    assert signatures("Counter", "__add__") == [f"(arg0: {counter}, /) -> {counter}", f"(arg0: float, /) -> {counter}"]
    assert signatures("Counter", "__iadd__") == [f"(arg0: {counter}, /) -> typing_extensions.Self"]
    assert signatures("Counter", "__eq__") == ["(arg0: object, /) -> bool"]
    assert signatures("Counter", "__contains__") == ["(arg0: object, /) -> bool"]
    assert signatures("Counter", "__call__") == ["(a: int, b: int = 2) -> int"]
    assert signatures("Counter", "__enter__") == ["() -> typing_extensions.Self"]
    assert signatures("Counter", "__buffer__") == ["(self, flags: int, /) -> memoryview"]


def test_data_classes():
    assert signatures("Point", "__new__", "new") == ["(x: float, label: str | None = None) -> typing_extensions.Self"]
    assert record("Point", "label", "setter")["type"] == "str | None"
    assert signatures("Point", "__lt__") == ["(other: typing_ext.Point, /) -> bool"]
    assert signatures("Point", "__eq__") == ["(other: object, /) -> bool"]


def test_named_tuples():
    assert record("Row", "x", "getter")["type"] == "float" and record("Row", "label", "getter")["type"] == "str"


def test_parts():
    assert record("Boxes", "numbers", "getter")["type"] == "collections.abc.MutableSequence[float]"
    assert record("Boxes", "numbers", "setter")["type"] == "collections.abc.Sequence[float]"
    assert (
        record("Boxes", "inners", "getter")["type"] == "collections.abc.MutableMapping[str, typing_ext.Counter.Inner]"
    )
    assert signatures("Boxes", "find") == ["(index: int) -> typing_ext.Counter.Inner | None"]


def test_containers():
    assert signatures("Doubles", "append") == ["(self, object: float, /) -> None"]
    assert signatures("Doubles", "__getitem__") == [
        "(self, index: typing.SupportsIndex, /) -> float",
        "(self, index: slice, /) -> typing_ext.Doubles",
    ]
    assert signatures("Doubles", "__new__") == [
        "(cls, iterable: collections.abc.Iterable[float] = ..., /) -> typing_extensions.Self"
    ]
    assert signatures("Doubles", "__lt__") == ["(self, other: typing_ext.Doubles, /) -> bool"]


def test_adders_own_classes_are_left_out():
    assert not [r for r in RECORDS if r["owner"].startswith("adder")]


def test_everything_bound_has_a_note():
    noted = {(r["owner"], r["name"]) for r in RECORDS}
    for module in (ext, ext.conversions, ext.handles, ext.arrays):
        for name in module.__all__:
            if module is not ext or name not in ("conversions", "handles", "arrays", "Row"):
                assert (module.__name__, name) in noted
    for cls in (ext.Counter, ext.Point, ext.Held, ext.Boxes, ext.Doubles):
        public = {name for name in vars(cls) if not name.startswith("_")}
        assert public <= {name for owner, name in noted if owner == f"typing_ext.{cls.__qualname__}"}
