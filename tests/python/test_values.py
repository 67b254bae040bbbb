# SPDX-License-Identifier: MIT
"""Pyclasses by value and by reference: how often they are copied, and what a reference as a result is."""
import sys

import pytest

import values_ext as ext
from values_ext import Value

ONE = Value(1)
TEN = [Value(i) for i in range(10)]


# The second number is how many values there are: each is copied once, out of its object. The third is how many moves
# there may be for each, on the way into the container and into the parameter.
@pytest.mark.parametrize(
    "name, argument, values, moves",
    [
        ("take", ONE, 1, 1),
        ("look", ONE, 0, 0),
        ("take_vector", TEN, 10, 1),
        ("look_vector", TEN, 10, 1),
        ("take_deque", TEN, 10, 1),
        ("take_list", TEN, 10, 1),
        ("take_array", (ONE, ONE, ONE), 3, 4),
        ("take_pair", (ONE, 1), 1, 2),
        ("take_tuple", (ONE, ONE), 2, 2),
        ("take_optional", ONE, 1, 2),
        ("take_variant", ONE, 1, 3),
        ("take_map", {1: ONE, 2: ONE}, 2, 1),
        ("take_pairs", [(ONE, 1)] * 10, 10, 2),
        ("take_optionals", TEN, 10, 2),
    ],
)
def test_an_argument_by_value_is_copied_once(name, argument, values, moves):
    ext.begin_count()
    copied, moved = getattr(ext, name)(argument)
    assert copied == values
    assert moved <= moves * values


@pytest.mark.parametrize(
    "name, values, moves",
    [
        ("make", 1, 1),
        ("make_result", 1, 2),
        ("make_optional", 1, 1),
        ("make_vector", 10, 1),
        ("make_pair", 1, 1),
        ("make_map", 2, 1),
        ("make_variant", 1, 1),
    ],
)
def test_a_result_is_moved_into_its_object(name, values, moves):
    ext.begin_count()
    getattr(ext, name)()
    copied, moved = ext.counts()
    assert copied == 0
    assert moved <= moves * values


def test_a_method_may_take_its_own_object_by_value():
    value = Value(3)
    value.absorb(value)
    assert value.number == 6


def test_a_method_that_returns_its_own_object_by_reference_returns_that_object():
    chain = ext.Chain()
    before = sys.getrefcount(chain)
    assert chain.add(1).add(2).slow(4).with_(other=ext.Chain()) is chain
    assert chain.sides == 7
    assert chain.same() is chain and chain.through_lambda() is chain and chain.base() is chain and chain.me is chain
    assert sys.getrefcount(chain) == before


def test_a_method_that_returns_a_reference_to_another_object_is_refused():
    with pytest.raises(SystemError, match="Chain returned a reference to another object than its own"):
        ext.Chain().neighbour()
