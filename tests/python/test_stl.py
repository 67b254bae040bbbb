# SPDX-License-Identifier: MIT
"""Every container of adder/stl/ there and back, what is refused, and containers that change while they are read."""
import collections
import pathlib
import sys
import types

import pytest
from hypothesis import given, settings, strategies as st

import stl_ext

INT64 = st.integers(-(2**63), 2**63 - 1)
FLOAT = st.floats(allow_nan=False)
TEXT = st.text()

ROUND_TRIPS = [
    ("vector", st.lists(st.lists(INT64))),
    ("vector_bool", st.lists(st.booleans())),
    ("list", st.lists(INT64)),
    ("deque", st.lists(TEXT)),
    ("array", st.lists(FLOAT, min_size=3, max_size=3)),
    ("set", st.sets(TEXT)),
    ("unordered_set", st.sets(INT64)),
    ("map", st.dictionaries(TEXT, st.lists(INT64))),
    ("unordered_map", st.dictionaries(INT64, st.none() | FLOAT)),
    ("tuple", st.tuples(INT64, TEXT, st.booleans())),
    ("pair", st.tuples(INT64, TEXT)),
    ("optional", st.none() | INT64),
    ("variant", st.none() | INT64 | TEXT | st.lists(FLOAT, min_size=1)),
    ("complex", st.complex_numbers(allow_nan=False)),
]


@pytest.mark.parametrize("name, values", ROUND_TRIPS, ids=[name for name, _ in ROUND_TRIPS])
def test_round_trip(name, values):
    @settings(max_examples=100, deadline=None)
    @given(values)
    def check(value):
        result = getattr(stl_ext, name)(value)
        assert result == value
        assert type(result) is type(value)

    check()


@settings(deadline=None)
@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_path_keeps_names_that_are_no_utf8(name):
    assert bytes(stl_ext.path(name)) == bytes(pathlib.Path(__import__("os").fsdecode(name)))


REFUSED = [
    ("vector", "ab", TypeError, "vector() argument 1 must be sequence, not str"),
    ("vector", b"ab", TypeError, "vector() argument 1 must be sequence, not bytes"),
    ("vector", {1: 2}, TypeError, "vector() argument 1 must be sequence, not dict"),
    ("vector", 3, TypeError, "vector() argument 1 must be sequence, not int"),
    ("vector", [[1], [2, "x"]], TypeError, "vector() argument 1: [1][1]: expected int, got str"),
    ("vector", [[1], [2, 2**63]], OverflowError, "9223372036854775808 does not fit into a signed 64-bit integer"),
    ("vector", [["abc"]], TypeError, "vector() argument 1: [0][0]: expected int, got str"),
    ("vector_bool", [True, 1], TypeError, "vector_bool() argument 1: [1]: expected bool, got int"),
    ("array", [1, 2], ValueError, "expected 3 items, got 2"),
    ("array", [1] * 4, ValueError, "expected 3 items, got 4"),
    ("array", [1, "x", 3], TypeError, "array() argument 1: [1]: expected float, got str"),
    ("set", ["a"], TypeError, "set() argument 1 must be set, not list"),
    ("unordered_set", {1, "x"}, TypeError, "unordered_set() argument 1: [item 'x']: expected int, got str"),
    ("map", [("a", [1])], TypeError, "map() argument 1 must be dict, not list"),
    ("map", {"a": [1, None]}, TypeError, "map() argument 1: ['a'][1]: expected int, got None"),
    ("map", {1: [1]}, TypeError, "map() argument 1: [key 1]: expected str, got int"),
    ("tuple", (1, "a"), ValueError, "expected 3 items, got 2"),
    ("tuple", (1, "a", True, 4), ValueError, "expected 3 items, got 4"),
    ("tuple", (1, 2, True), TypeError, "tuple() argument 1: [1]: expected str, got int"),
    ("tuple", {1, 2, 3}, TypeError, "tuple() argument 1 must be tuple, not set"),
    ("variant", 1.5, TypeError,
     "variant() argument 1: no alternative fits: expected None, got float; expected int, got float; expected str, got "
     "float; expected sequence, got float"),
    ("complex", "1j", TypeError, "complex() argument 1 must be complex, not str"),
    ("path", 3, TypeError, "path() argument 1 must be str, bytes or os.PathLike, not int"),
    ("path", "a\0b", ValueError, "embedded null byte"),
]


@pytest.mark.parametrize("name, value, error, text", REFUSED)
def test_refused(name, value, error, text):
    before = sys.getrefcount(value)
    with pytest.raises(error) as caught:
        getattr(stl_ext, name)(value)
    assert str(caught.value) == text
    del caught
    assert sys.getrefcount(value) == before


def test_other_kinds_of_containers():
    assert stl_ext.list((1, 2)) == [1, 2]
    assert stl_ext.list(range(3)) == [0, 1, 2]
    assert stl_ext.list(collections.deque([4])) == [4]
    assert stl_ext.set(frozenset("ab")) == {"a", "b"}
    assert stl_ext.set({"a": 1}.keys()) == {"a"}
    assert stl_ext.map(types.MappingProxyType({"a": [1]})) == {"a": [1]}
    assert stl_ext.map(collections.ChainMap({"a": [1]}, {"b": [2]})) == {"a": [1], "b": [2]}
    assert stl_ext.tuple([1, "a", False]) == (1, "a", False)
    assert stl_ext.complex(3) == 3 + 0j


class Clearing:
    """Empties a container while one of its items is being converted."""

    def __init__(self, clear):
        self.clear = clear

    def __index__(self):
        self.clear()
        return 1

    def __hash__(self):
        return 1


def test_containers_that_change_while_they_are_read():
    values = []
    values[:] = [Clearing(values.clear), 2, 3]
    assert stl_ext.list(values) == [1]
    items = set()
    items |= {Clearing(items.clear), 2, 3}
    with pytest.raises(RuntimeError, match="Set changed size during iteration"):
        stl_ext.unordered_set(items)
    table = {}
    table.update({1: 1.0, 2: None})
    table[Clearing(table.clear)] = 1.0
    with pytest.raises(RuntimeError, match="dictionary changed size during iteration"):
        for _ in range(3):
            stl_ext.unordered_map(table)
            table.update({1: 1.0, Clearing(table.clear): 1.0, 3: 1.0})


class Lying(collections.abc.Sequence):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index >= 3:
            raise IndexError
        return index


def test_lengths_that_lie():
    with pytest.raises(IndexError):  # Nobody knows that it is no error in the middle of a longer sequence.
        stl_ext.list(Lying(sys.maxsize))
    assert stl_ext.list(Lying(2)) == [0, 1]
    with pytest.raises(ValueError, match="__len__"):
        stl_ext.list(Lying(-1))


def test_recursive_list():
    values = []
    values.append(values)
    with pytest.raises(TypeError, match=r"\[0\]\[0\]: expected int, got list"):
        stl_ext.vector(values)
