# SPDX-License-Identifier: MIT
"""What comes in as a key goes back as one: where Python hashes it, a sequence is a tuple and a set a frozenset."""
import pytest

import keys_ext as ext

F = frozenset

ROUND_TRIPS = [
    ("map_vector", {(1, 2): 3, (): 4}),
    ("map_vector_vector", {(1, 2): [3], (): []}),
    ("unordered_map_vector", {(1, 2): 3, (): 4}),
    ("map_deque", {("a", "b"): 1}),
    ("map_list_vector", {((1,), (), (2, 3)): 4}),
    ("map_array", {(1, 2): 3}),
    ("map_set", {F([1, 2]): 3, F(): 4}),
    ("map_pair", {((1, 2), F([3])): 4}),
    ("map_tuple", {((1,), None): 2, ((), (3,)): 4}),
    ("map_optional", {None: 1, (2,): 3, (): 4}),
    ("map_variant", {1: 2, (3, 4): 5}),
    ("map_bytes", {b"ab": 1}),
    ("set_vector", {(1, 2), (), (3,)}),
    ("set_set", {F([1, 2]), F()}),
    ("set_set_vectors", {F([((1,), ()), ()]), F()}),
    ("set_bools", {(True, False), ()}),
    ("vector_set_vector", [{(1,)}, set()]),
    ("map_map", {1: {(2,): {(3,), ()}}}),
]


def types_of(value):
    """The types of all there is, in a form that compares."""
    if isinstance(value, dict):
        return dict, F((types_of(k), types_of(v)) for k, v in value.items())
    if isinstance(value, (set, frozenset)):
        return type(value), F(map(types_of, value))
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(types_of, value))
    return type(value)


@pytest.mark.parametrize("name, value", ROUND_TRIPS, ids=[name for name, _ in ROUND_TRIPS])
def test_keys_make_the_round_trip(name, value, assert_no_growth):
    function = getattr(ext, name)
    result = function(value)
    assert result == value and types_of(result) == types_of(value)
    assert function(result) == value
    assert_no_growth(lambda: function(value), runs=100, allowed=80)


def test_what_cannot_be_a_key_is_named():
    for function, place in [(ext.dict_as_key, "[key {1: 2}]"), (ext.dict_in_set, "[item {1: 2}]")]:
        with pytest.raises(TypeError) as caught:
            function()
        assert str(caught.value).startswith(place + ": ") and "dict" in str(caught.value).split("]: ")[1]


def test_methods_of_handles_make_keys_too():
    assert ext.dict_methods() == {(1, 2): 3, (4,): [5], F([6]): 7, ((8,), 9): 10}
    assert ext.set_methods() == {(1, 2), F([3]), ((4,), ())}
    assert ext.frozen_set() == F([(1,), ()])
