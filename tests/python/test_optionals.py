# SPDX-License-Identifier: MIT
"""Arguments of adder's own functions that may be missing are a std::optional of a handle."""
import datetime
import gc
import sys
import weakref

import optionals_ext as ext
import pytest


class Thing:
    pass


@pytest.mark.parametrize("bounds", [(1, 2, 3), (None, 2, 3), (1, None, 3), (1, 2, None), (None, None, None), ("a", [], {})])
def test_a_bound_of_a_slice_that_is_missing_is_none(bounds):
    assert ext.slice_of(*bounds) == slice(*bounds)
    assert ext.slice_to(bounds[1]) == slice(None, bounds[1])


def test_a_slice_of_optional_numbers():
    assert ext.slice_of_numbers(3) == slice(None, 3, None)


def test_the_modulus_of_a_power_may_be_missing():
    assert ext.power(3, 4, None) == ext.power_of_nothing(3, 4) == 81 and ext.power(3, 4, 5) == 1
    with pytest.raises(TypeError):
        ext.power(3, 4, "x")


@pytest.mark.parametrize("make", [ext.reference, ext.proxy])
def test_a_weak_reference_with_or_without_a_callback(make):
    seen = []
    thing = Thing()
    plain, called = make(thing, None), make(thing, seen.append)
    assert isinstance(plain, (weakref.ref, weakref.ProxyType))
    assert type(plain) is type(called) and plain is not called
    del thing
    gc.collect()
    assert len(seen) == 1 and seen[0] is called


@pytest.mark.parametrize("how", range(7))
def test_an_error_that_nobody_can_raise_has_a_context_or_none(how, monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: seen.append((info.object, str(info.exc_value))))
    context = ["the context"]
    before = sys.getrefcount(context)
    ext.unraisable(context, how)
    assert seen == [(None if how in (3, 5) else context, "nowhere to go")]
    seen.clear()
    assert sys.getrefcount(context) == before
    if how in (0, 1):
        ext.unraisable(None, how)
        assert seen == [(None, "nowhere to go")]


def test_dicts_of_names_may_be_missing():
    assert ext.evaluate("a + b", {"a": 1}, {"b": 2}) == 3
    assert ext.evaluate("a", {"a": 1}, None) == 1
    assert ext.evaluate("b", None, {"b": 2}) == 2
    assert ext.evaluate("__name__", None, None) == "__main__"


def test_a_time_zone_may_be_missing():
    for zone in (None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=2))):
        assert ext.times(zone) == 3 * [datetime.time(1, 2, 3, 4, tzinfo=zone)]


def test_a_cause_may_be_missing():
    inner = KeyError("inner")
    assert ext.with_cause(inner).__cause__ is inner and ext.with_cause(None).__cause__ is None


def test_no_reference_is_kept(assert_no_growth):
    bounds = [object(), object(), object()]
    before = [sys.getrefcount(bound) for bound in bounds]
    for _ in range(10):
        ext.slice_of(*bounds)
    assert [sys.getrefcount(bound) for bound in bounds] == before
    assert_no_growth(lambda: (ext.slice_of(*bounds), ext.power(3, 4, None), ext.slice_to(None)))
