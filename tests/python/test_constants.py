# SPDX-License-Identifier: MIT
"""Constants of modules and classes: objects of pyclasses, members of enums, and the module's __all__."""
import enum
import importlib.util
import inspect
import pickle
import sys

import pytest

import constants_ext as ext
from conftest import OF_A_LOCAL
from constants_ext import Door, Level, Mode, Point


def test_an_object_of_a_pyclass_is_a_constant():
    assert type(ext.ORIGIN) is Point and (ext.ORIGIN.x, ext.ORIGIN.y) == (0, 0)
    assert type(ext._PRIVATE) is Point and ext._PRIVATE.x == 7
    assert [type(point) for point in ext.POINTS] == [Point] * 2 and ext.POINTS[1].y == 4
    assert Point.__module__ == "constants_ext" and Point.__qualname__ == "Point"


def test_a_handle_is_the_object_itself():
    assert ext.CORNER is ext.SAME_CORNER is ext.corner_of(ext) and (ext.CORNER.x, ext.CORNER.y) == (2, 3)


def test_what_can_only_be_moved_is_moved():
    assert ext.TOKEN.value == "move" and type(ext.TOKEN).__name__ == "Token" and not hasattr(ext, "Token")


def test_a_member_of_an_enum_is_that_member():
    assert ext.LEVEL is Level.LOW and isinstance(ext.LEVEL, enum.IntEnum)
    assert ext.BOTH is Mode.READ | Mode.WRITE
    assert pickle.loads(pickle.dumps(ext.LEVEL)) is ext.LEVEL


def test_enums_have_docstrings():
    assert Level.__doc__ == "How much." and Level.LOW.__doc__ == "Little."
    assert inspect.getdoc(Level) == "How much."


def test_constants_of_classes():
    assert Door.DEFAULT is Level.HIGH and type(Door.HANDLE) is Point and Door.HANDLE.y == 5
    assert type(Point.UNIT) is Point and Point.UNIT is Point.UNIT and Point.UNIT.x == 1
    for name in ("UNIT", "OTHER"):
        with pytest.raises(TypeError):
            setattr(Point, name, 1)


def test_constants_of_a_submodule_are_its_own():
    import constants_ext.inner as inner  # noqa: F401 - that it can be imported

    assert ext.inner.ORIGIN.x == 9 and ext.inner.LEVEL is Level.HIGH
    assert ext.inner.__all__ == ["ORIGIN", "LEVEL"]


def test_all_lists_the_public_names_once_and_in_order():
    assert ext.__all__ == ["ORIGIN", "TOKEN", "Point", "CORNER", "SAME_CORNER", "POINTS", "Level", "Mode", "LEVEL", "BOTH",
                           "Door", "inner", "corner_of"]
    names = {}
    exec("from constants_ext import *", names)
    assert {name for name in names if not name.startswith("__")} == set(ext.__all__) and names["ORIGIN"] is ext.ORIGIN


def test_a_constant_is_owned_by_its_module_alone():
    origin, level, corner = ext.ORIGIN, ext.LEVEL, ext.CORNER
    assert sys.getrefcount(origin) == OF_A_LOCAL + 1  # And the module.
    assert sys.getrefcount(corner) == OF_A_LOCAL + 2
    before = sys.getrefcount(level)
    for _ in range(100):
        ext.ORIGIN, ext.LEVEL, ext.corner_of(ext)
    counts = sys.getrefcount(origin), sys.getrefcount(corner), sys.getrefcount(level)
    assert counts == (OF_A_LOCAL + 1, OF_A_LOCAL + 2, before)


def test_a_constant_can_be_replaced_as_any_name_of_a_module():
    spec = importlib.util.find_spec("constants_ext")
    assert spec is not None
    old = ext.CORNER
    try:
        ext.CORNER = 1
        assert ext.CORNER == 1 and ext.SAME_CORNER is old
    finally:
        ext.CORNER = old
