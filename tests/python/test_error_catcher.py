# SPDX-License-Identifier: MIT
"""Errors between two modules with a C++ interface, both built with hidden visibility: `catch (const PyErr&)` takes what
the other one threw."""
import gc
import sys

import error_catcher_ext as catcher
import error_thrower_ext as thrower
import pytest


@pytest.fixture(autouse=True)
def connected():
    catcher.connect(thrower.interface)
    yield
    catcher.drop_kept()


CAUGHT = [
    ("lazy", "PyErr ValueError: lazy, from afar"),
    ("bare", "PyErr StopIteration"),
    ("own", "PyErr ThrowerError: own, from afar"),
    ("raised", "PyErr KeyError: 'raised, from afar'"),
    ("standard", "std::exception standard, from afar"),
    ("nested", "std::exception outer, from afar"),
    ("nothing", "nothing"),
]


@pytest.mark.parametrize("which, text", CAUGHT)
def test_the_other_modules_error_is_caught_as_what_it_is(which, text):
    assert catcher.caught(which) == text
    assert catcher.caught_detached(which) == text


def test_its_kind_is_known():
    assert catcher.caught_as("lazy", ValueError) is True
    assert catcher.caught_as("lazy", (KeyError, OSError)) is False
    assert catcher.caught_as("own", thrower.ThrowerError) is True
    assert catcher.caught_as("own", catcher.CatcherError) is False
    assert catcher.caught_as("raised", LookupError) is True
    assert catcher.nested_is("nested") == "KeyError: inner, from afar"
    assert catcher.nested_is("standard") is None


@pytest.mark.parametrize("pass_on", [catcher.let_through, catcher.rethrow])
@pytest.mark.parametrize(
    "which, kind, arguments",
    [
        ("lazy", ValueError, ("lazy, from afar",)),
        ("bare", StopIteration, ()),
        ("own", thrower.ThrowerError, ("own, from afar",)),
        ("raised", KeyError, ("raised, from afar",)),
    ],
)
def test_it_reaches_python_through_both(pass_on, which, kind, arguments):
    with pytest.raises(kind) as caught:
        pass_on(which)
    assert type(caught.value) is kind and caught.value.args == arguments
    value = catcher.value_of(which)
    assert type(value) is kind and value.args == arguments


def test_standard_exceptions_are_translated_where_they_leave():
    with pytest.raises(IndexError, match="^standard, from afar$"):
        catcher.let_through("standard")
    with pytest.raises(RuntimeError, match="^outer, from afar$") as caught:
        catcher.let_through("nested")
    assert repr(caught.value.__cause__) == "KeyError('inner, from afar')"


def test_a_translator_serves_its_own_module_only():
    # Each module has a type of that name of its own; only the thrower has a translator for it.
    for _ in range(2):
        with pytest.raises(RuntimeError) as caught:
            catcher.throw_failure()
        assert type(caught.value) is RuntimeError and str(caught.value) == "failure, from here"
        with pytest.raises(RuntimeError) as caught:
            catcher.let_through("failure")
        assert type(caught.value) is RuntimeError and str(caught.value) == "failure, from afar"


def test_errors_and_results_are_returned_across():
    with pytest.raises(thrower.ThrowerError, match="^made there$"):
        catcher.throw_made("made there")
    assert catcher.result_of(4) == 9
    with pytest.raises(ValueError, match="^negative, from afar$"):
        catcher.result_of(-1)


def test_the_other_way_round():
    assert catcher.caught_there("own") == "CatcherError: own, from here"
    assert catcher.caught_there("lazy") == "ValueError: lazy, from here"
    assert catcher.caught_there("raised") == "ZeroDivisionError: division by zero"
    assert catcher.caught_there("nothing") is None


@pytest.mark.parametrize("which, kind", [("lazy", ValueError), ("own", thrower.ThrowerError), ("raised", KeyError)])
def test_it_is_kept_and_dropped_by_the_other_module(which, kind):
    catcher.keep(which)
    seen = []
    for _ in range(3):
        with pytest.raises(kind) as caught:
            catcher.raise_kept()
        seen.append(caught.value)
    assert type(seen[0]) is kind
    value = catcher.value_of(which)
    before = sys.getrefcount(value)
    del seen, caught
    catcher.drop_kept()
    gc.collect()
    assert sys.getrefcount(value) == before


@pytest.mark.parametrize("which", [row[0] for row in CAUGHT])
def test_nothing_is_left_behind(which, assert_no_growth):
    def run():
        for operation in (catcher.let_through, catcher.rethrow, catcher.value_of, catcher.caught_detached, catcher.keep):
            try:
                operation(which)
            except Exception:
                pass
        catcher.drop_kept()

    assert_no_growth(run)
