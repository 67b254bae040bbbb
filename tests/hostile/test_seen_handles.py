# SPDX-License-Identifier: MIT
"""The collector sees the objects in errors, results and expecteds, and each one once."""
import gc
import sys
import weakref

import pytest
import seen_handles_ext as ext


@pytest.mark.parametrize(
    "make, hold",
    [
        (ext.OfError, "hold_itself"),
        (ext.OfErrors, "hold_itself"),
        (ext.OfResult, "hold_itself"),
        (ext.OfResult, "hold_error"),
        (ext.OfVoid, "hold_itself"),
        (ext.OfExpected, "hold_itself"),
        (ext.OfExpected, "hold_error"),
    ],
)
def test_a_cycle_is_freed(make, hold):
    value = make()
    before = sys.getrefcount(value)
    getattr(value, hold)()
    assert sys.getrefcount(value) == before + 1
    for _ in range(3):
        gc.collect()
    assert sys.getrefcount(value) == before + 1  # What is in use is left alone.
    alive = weakref.ref(value)
    del value
    gc.collect()
    assert alive() is None


def test_an_exception_that_copies_share_is_left_alone():
    value = ext.OfError()
    value.hold_itself()
    value.share()
    alive = weakref.ref(value)
    del value
    gc.collect()
    assert alive() is not None
    with pytest.raises(ValueError, match="with a value") as caught:
        alive().raise_()
    assert caught.value.held is alive()
    caught.value.__traceback__ = None
    del caught
    gc.collect()
    assert alive() is not None
    ext.drop_errors()
    gc.collect()
    assert alive() is None


def test_a_cycle_through_the_class_of_an_error_is_freed():
    value = ext.OfError()

    class Mine(Exception):
        holder = value

    value.hold_class(Mine)
    alive = weakref.ref(Mine)
    del value, Mine
    gc.collect()
    assert alive() is None


def test_a_struct_with_an_error_is_copied_by_clone_ref():
    value = ext.OfError()
    value.hold_itself()
    clone = value.clone()
    assert clone.held is value
    del clone.held


def test_a_cycle_through_the_state_of_a_closure_is_freed():
    value = ext.OfErrors()
    value.hold_itself()
    closure = ext.new_closure(value)

    class Holder:
        pass

    holder = Holder()
    holder.closure = ext.new_closure(holder)
    alive = weakref.ref(holder)
    del holder, closure
    gc.collect()
    assert alive() is None


def test_the_handle_of_a_c_library_may_be_a_member():
    for make in (lambda: ext.Resource(None), ext.Resources):
        value = make()
        value.owner = value
        assert ext.open_resources() > 0
        alive = weakref.ref(value)
        del value
        gc.collect()
        assert alive() is None and ext.open_resources() == 0
