# SPDX-License-Identifier: MIT
"""Overload sets as constructors, static methods, class methods, setters and __init__; names that are taken."""
import importlib.util
import inspect
import sys

import overload_places_ext as ext
import pytest
from overload_places_ext import Length


def test_the_constructor_that_fits_is_called():
    assert Length().metres == 0.0
    assert Length(2.5).metres == Length(metres=2.5).metres == 2.5
    assert Length("4.5").metres == Length(text="4.5").metres == 4.5
    with pytest.raises(TypeError, match=r"Length\(\): no overload takes \(list\)") as caught:
        Length([])
    assert "Length(metres: float)" in str(caught.value) and "Length(text: str)" in str(caught.value)
    with pytest.raises(ValueError):
        Length("no number")


def test_a_python_subclass_has_the_same_constructors():
    class Own(Length):
        pass

    made = Own("1.5")
    assert type(made) is Own and made.metres == 1.5 and Own(metres=1.0).metres == 1.0
    assert type(Own.__new__(Own)) is Own
    assert Length.__new__(Own, 3.0).metres == 3.0


def test_the_doc_of_a_class_lists_its_constructors_behind_its_own_words():
    lines = Length.__doc__.splitlines()
    assert lines[:5] == ["How long.", "", "Length()", "Length(metres: float)", "Length(text: str)"]


def test_sets_of_a_class_have_signatures():
    assert str(inspect.signature(Length)) == "(*args, **kwargs)"
    assert str(inspect.signature(Length.kind)) == str(inspect.signature(Length.class_kind)) == "(arg0, /)"


def test_an_object_of_an_overloaded_constructor_is_not_leaked():
    before = sys.getrefcount(Length)
    for _ in range(100):
        Length(), Length(1.0), Length("1")
    assert sys.getrefcount(Length) == before


def test_a_setter_takes_either():
    length = Length()
    length.metres = 2
    assert length.metres == 2.0
    length.metres = "3.5"
    assert length.metres == 3.5
    with pytest.raises(TypeError, match="no overload takes"):
        length.metres = []
    with pytest.raises(AttributeError):
        del length.metres


def test_static_and_class_methods():
    assert (Length.kind(1), Length.kind("x"), Length().kind(1)) == ("number", "text", "number")
    assert (Length.class_kind(1), Length.class_kind("x"), Length().class_kind("x")) == ("number", "text", "text")
    assert "Of a class." in Length.class_kind.__doc__
    with pytest.raises(TypeError, match=r"Length\.kind\(\): no overload takes \(\)"):
        Length.kind()


def test_init():
    assert ext.Named(3).text == "number 3" and ext.Named(text="x").text == "text x"
    one = ext.Named(number=1)
    one.__init__("again")
    assert one.text == "text again"
    with pytest.raises(TypeError, match="no overload takes"):
        ext.Named([])


def test_a_second_constructor_is_refused():
    with pytest.raises(SystemError, match=r"Twice: def_new was called twice.*overload<"):
        ext.make_twice()


@pytest.mark.parametrize("way, name", [(0, "name"), (1, "Length"), (2, "Length")])
def test_a_name_that_is_taken_is_refused(way, name):
    with pytest.raises(SystemError, match=rf"made\.{name}: the module has something of that name already.*overload<"):
        ext.fill(way)


def test_what_may_share_a_name():
    ext.fill(3)  # A class with itself.
    assert ext.value == 2


def test_a_body_that_runs_again_finds_its_own_names():
    spec = importlib.util.find_spec("overload_places_ext")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.one = None
    spec.loader.exec_module(module)
    assert module.one is None or module.one() == 1
