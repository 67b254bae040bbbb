# SPDX-License-Identifier: MIT
"""Functions bound as methods, with the token before their receiver or behind it, and copies of borrowed values."""
import inspect
import sys

import pytest
import receivers_ext as ext

RECEIVERS = ["const", "mutable", "ref", "ref_mut", "bound", "bound_value", "borrowed", "py"]


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize("receiver", RECEIVERS)
def test_the_token_stands_before_any_receiver_or_behind_it(place, receiver):
    meter = ext.Meter()
    before = sys.getrefcount(meter)
    method = getattr(meter, f"{place}_{receiver}")
    assert method(3) == method(by=3) == (True, 3) and method() == (True, 7)
    with pytest.raises(TypeError, match=f"{place}_{receiver}"):
        method("x")
    with pytest.raises(TypeError):
        method(1, 2)
    del method
    assert sys.getrefcount(meter) == before


def test_python_does_not_see_the_token():
    assert len(inspect.signature(ext.Meter.before_const).parameters) == 2
    assert ext.Meter.before_const.__doc__ == "The token first."


def test_attributes_and_dunders_take_the_token_too():
    meter = ext.Meter(4)
    assert (meter.value, meter.other, len(meter), bool(meter), repr(meter)) == (5, 5, 5, True, "5")
    meter.value = 8
    assert meter.other == 8
    meter.other = 0
    assert meter.value == 0 and not meter
    del meter.value
    assert meter.value == -1
    meter.__init__(1)
    assert meter.value == 2 and meter.sum(3) == 5


def test_the_receiver_behind_a_token_is_borrowed_as_before():
    meter = ext.Meter(1)
    with pytest.raises(RuntimeError, match="Already mutably borrowed: 'Meter' object"):
        meter.call(lambda value: meter.value)
    assert meter.call(lambda value: value) == 2
    with pytest.raises(KeyError) as caught:
        meter.fail()
    assert caught.value.args == (meter,)


def test_args_kwargs_and_overloads_behind_a_token():
    meter = ext.Meter(0)
    assert meter.sum_of(1, 2, a=3) == 4
    assert [meter.which(1), meter.which("x"), meter.which(lambda value: [value])] == [1, 2, [1]]


def test_a_method_with_a_token_is_called_on_its_own_class_only():
    with pytest.raises(TypeError):
        ext.Meter.before_const(3, 3)


def test_a_copy_is_another_value(assert_no_growth):
    meter = ext.Meter(1)
    assert ext.copied_of_lvalue(meter) == 1004
    assert ext.copied_of_temporary(meter) == 2 and meter.value == 3
    assert ext.copied_of_writer(meter) == 6 and meter.value == 6
    assert "Already mutably borrowed" in ext.refused_copy(meter)
    assert_no_growth(lambda: (ext.copied_of_lvalue(meter), ext.copied_of_temporary(meter)))
    assert ext.Mover("x").text == "x"
