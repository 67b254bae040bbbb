# SPDX-License-Identifier: MIT
"""Defaults of parameters: they fit, they are shown, and no two calls share one that changes. Parameters that know if
they were given."""
import fractions
import inspect
import sys

import pytest

import defaults_ext as ext


def caught(function, *args):
    try:
        function(*args)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def defaults_of(function):
    return {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}


# --- Given or not ----------------------------------------------------------------------------------------------------


def test_a_parameter_knows_that_nothing_was_given():
    assert ext.given_int() == ext.given_int(...) == ext.given_int(x=...) == "not given"
    assert ext.given_int(1) == ext.given_int(x=1) == "given 1"
    assert str(caught(ext.given_int, None)) == "given_int() argument 'x' must be int, not None"
    assert str(caught(ext.given_int, "1")) == "given_int() argument 'x' must be int, not str"
    assert ext.given_vector() == "not given" and ext.given_vector([]) == "given []"
    assert str(caught(ext.given_vector, [1, "a"])) == "given_vector() argument 'x': [1]: expected int, got str"


def test_none_is_told_from_nothing():
    assert ext.given_optional() == "not given"
    assert ext.given_optional(None) == "given None"
    assert ext.given_optional(1) == "given 1"
    assert ext.both() == "not given, not given"
    assert ext.both(b=None) == "not given, given None"
    assert ext.both(a=2, b=...) == "given 2, not given"


def test_handles_and_views_may_be_given():
    value = ["an object"]
    before = sys.getrefcount(value)
    assert ext.given_object() == "not given" and ext.given_object(value) == repr(value)
    assert ext.given_object(None) == "None"
    assert sys.getrefcount(value) == before
    assert ext.given_view() == "nothing" and ext.given_view("a\0b") == "a\0b"
    box = ext.Box(1)
    assert ext.boxed() == "not given" and ext.boxed(box) == "2" and box.value == 2
    assert ext.given_detached() == "given 3" and ext.given_detached(...) == "not given"


def test_what_was_not_given_cannot_be_used():
    assert ext.unchecked(5) == 5
    assert "optional" in str(caught(ext.unchecked))


def test_methods_constructors_and_overloads_know_it_too():
    assert ext.Maker().text == "not given" and ext.Maker(None).text == "given None"
    assert ext.Maker(1).method() == "given 1, not given" and ext.Maker().method(x=2) == "not given, given 2"
    assert ext.Maker.static() == "not given" and ext.Maker.static(3) == "given 3"
    assert ext.overloaded() == ext.overloaded(...) == "int: not given"
    assert ext.overloaded(2) == "int: given 2" and ext.overloaded("a") == "str: a"


def test_the_signature_says_so_and_can_be_passed_on():
    for function in (ext.given_int, ext.given_optional, ext.Maker.static, ext.given_vector):
        signature = inspect.signature(function)
        assert "x=..." in function.__text_signature__
        assert signature.parameters["x"].default is ...
        bound = signature.bind()
        bound.apply_defaults()
        assert function(*bound.args, **bound.kwargs) == "not given"
    assert not ext.given_int.__doc__


# --- Defaults that do not fit ----------------------------------------------------------------------------------------


def test_a_default_that_does_not_fit_is_refused_when_the_function_is_made():
    for make, value, text in [
        (ext.byte, "a", "the default of f() argument 'x' must be int, not str"),
        (ext.byte, None, "the default of f() argument 'x' must be int, not None"),
        (ext.byte, ..., "the default of f() argument 'x' must be int, not ellipsis"),
        (ext.byte, 1.0, "the default of f() argument 'x' must be int, not float"),
        (ext.byte, 256, "the default of f() argument 'x' does not convert: OverflowError: 256 does not fit into an unsigned 8-bit integer"),
        (ext.text, 1, "the default of f() argument 'x' must be str, not int"),
        (ext.vector, (1, "a"), "the default of f() argument 'x': [1]: expected int, got str"),
        (ext.optional, "a", "the default of f() argument 'x' must be int, not str"),
        (ext.even, 3, "the default of f() argument 'x' does not convert: ValueError: odd"),
    ]:
        before = sys.getrefcount(value)
        found = caught(make, value)
        assert type(found) is TypeError and str(found) == text
        assert found.__cause__ is not None
        del found
        assert value in (None, ..., 1, 3, 256) or sys.getrefcount(value) == before
    assert ext.byte(255)() == 255 and ext.text("a")() == "a" and ext.vector((1, 2))() == [1, 2]
    assert ext.optional(None)() is None and ext.even(2)() == 2
    assert str(caught(ext.placed)).startswith("the default of f() argument 'c' does not convert: OverflowError: 300 does")
    assert ext.fitting()() == 3.5
    found = caught(ext.null_text)
    assert type(found) is TypeError and str(found).startswith("the default of argument 'x' is a null pointer, not text")


def test_a_module_and_a_class_refuse_it_too():
    assert ext.refused_by_module == (
        "TypeError: the default of bad() argument 'x' does not convert: OverflowError: 256 does not fit into an unsigned 8-bit integer")
    for refused in ext.refused_classes:
        found = caught(refused)
        while found.__cause__ is not None and "the default of" not in str(found):
            found = found.__cause__
        assert "argument 'value' does not convert: OverflowError: 256 does not fit" in str(found), refused.__name__


# --- Defaults that change --------------------------------------------------------------------------------------------


def test_calls_do_not_share_a_cpp_default():
    for _ in range(3):
        result = ext.grown()
        assert result == [1, 2, 0]
        result.append("mine")
    table = ext.table()
    table["c"] = 3
    assert ext.table() == {"a": 1, "b": 2}
    assert ext.vector_of_objects() == 0


class Unhashable:
    __hash__ = None


@pytest.mark.parametrize("value", [[], [1], {}, {"a": 1}, set(), {1}, bytearray(b"a"), Unhashable()])
def test_an_object_that_changes_is_no_default_of_what_gets_the_object(value):
    makers = [ext.anything, ext.owned]
    makers += [ext.list_or_int, ext.maybe_list, ext.given_list] if type(value) is list else []
    makers += [ext.borrowed] if type(value) is dict else []
    for make in makers:
        found = caught(make, value)
        assert type(found) is TypeError
        assert str(found).startswith(f"the default of f() argument 'x' is a {type(value).__name__} that all calls would share: ")
    assert "is a list that all calls would share" in str(caught(ext.shared_vector))


def test_objects_that_do_not_change_are_shared():
    for value in (None, (), (1, "a"), frozenset({1}), "a", object(), int, len, slice(1, 2), 3.5, b"a"):
        assert ext.anything(value)() == 0
    assert ext.list_or_int(3)() == 0 and ext.maybe_list(None)() == 0


# --- How defaults are shown ------------------------------------------------------------------------------------------


def test_a_default_that_is_a_literal_is_in_the_signature():
    assert defaults_of(ext.grown) == {"values": [1, 2]}
    assert defaults_of(ext.table) == {"x": {"a": 1, "b": 2}}
    assert defaults_of(ext.numbers) == {"x": {1}}
    assert defaults_of(ext.box_value) == {"box": ...}


def test_another_default_is_in_the_text():
    assert ext.box_value.__doc__ == "The value.\n\nDefaults: box=Box(3)"
    assert ext.infinite.__doc__ == "Defaults: x=inf" and defaults_of(ext.infinite) == {"x": ...}
    assert ext.no_numbers.__doc__ == "Defaults: x=set()"
    assert ext.objects.__doc__ == "Defaults: b=Fraction(1, 2)"  # "<object object at 0x...>" tells nobody anything.
    assert ext.objects(1) == fractions.Fraction(1, 2)
    assert not ext.raising_repr.__doc__ and ext.raising_repr() == 0
    assert not ext.given_int.__doc__
    assert "overloaded_box(box: Box=Box(3))" in ext.overloaded_box.__doc__ and ext.overloaded_box() == 3
