# SPDX-License-Identifier: MIT
"""Structs as named tuples."""
import collections
import copy
import pickle
import sys

import pytest

import named_tuple_ext as x

Twin = collections.namedtuple("Row", ["x", "label"])


@pytest.mark.parametrize("make", [x.make_row, Twin])
def test_a_struct_is_what_collections_namedtuple_makes(make):
    row = make(1.5, "a")
    assert isinstance(row, tuple) and row == (1.5, "a") and row[0] == row.x and row.label == "a" and len(row) == 2
    first, second = row
    assert (first, second) == (1.5, "a") and row._fields == ("x", "label")
    assert row._replace(x=2.0) == (2.0, "a") and row._asdict() == {"x": 1.5, "label": "a"}
    assert repr(row) == "Row(x=1.5, label='a')" and hash(row) == hash((1.5, "a"))
    match row:
        case (1.5, label):
            assert label == "a"
    assert copy.deepcopy(row) == row


def test_it_is_one_class_that_pickles_find():
    row = x.make_row(1.5, "a")
    assert type(row) is x.Row and x.Row.__module__ == "named_tuple_ext"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        made = pickle.loads(pickle.dumps(row, protocol))
        assert made == row and type(made) is x.Row


def test_any_tuple_of_as_many_items_comes_back():
    assert x.twice(x.Row(1, "a")) == x.twice((1.0, "a")) == (2.0, "aa")
    for wrong in ([1.0, "a"], None, 5):
        with pytest.raises(TypeError, match="twice"):
            x.twice(wrong)
    for wrong in ((), (1.0,), (1.0, "a", 2)):  # As of a std::tuple.
        with pytest.raises(ValueError, match=f"expected 2 items, got {len(wrong)}"):
            x.twice(wrong)
    with pytest.raises(TypeError, match=r"\.label"):
        x.twice((1.0, 2))
    with pytest.raises(TypeError, match=r"\.x"):
        x.twice(("a", "b"))


def test_no_reference_is_lost_or_kept():
    before = sys.getrefcount(x.Row)
    for _ in range(50):
        x.twice(x.make_row(1.0, "a"))
    assert sys.getrefcount(x.Row) < before + 10  # The interpreter's caches may hold one or two.
