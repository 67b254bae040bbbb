# SPDX-License-Identifier: MIT
"""Containers of what cannot be assigned, such as borrowed objects, and of views as results."""
import collections
import sys

import pytest

import containers_ext as ext


def counter(value):
    made = ext.Counter()
    made.set(value)
    return made


class Pairs(collections.abc.Mapping):
    """A mapping that has a key twice."""

    def __init__(self, *pairs):
        self.pairs = pairs

    def __len__(self):
        return len(self.pairs)

    def __iter__(self):
        return (key for key, _ in self.pairs)

    def __getitem__(self, key):
        return dict(self.pairs)[key]

    def items(self):
        return self.pairs


def test_maps_of_borrowed_objects():
    a, b = counter(1), counter(2)
    before = sys.getrefcount(a)
    assert ext.sum_of_map({"a": a, "b": b, "c": a}) == 4
    assert ext.sum_of_mapping({1: a, 2: b}) == 3 and ext.sum_of_map({}) == 0
    ext.increment_all({"a": a, "b": b})
    assert (a.value, b.value) == (2, 3)
    with pytest.raises(RuntimeError, match="[Bb]orrowed"):
        ext.increment_all({"a": a, "b": a})
    with pytest.raises(TypeError) as caught:
        ext.sum_of_map({"a": a, "b": 1})
    assert "['b']: expected " in str(caught.value)
    del caught
    assert sys.getrefcount(a) == before
    a.set(5)  # Nothing is borrowed any more.


def test_the_last_of_equal_keys_counts():
    a, b = counter(1), counter(2)
    assert ext.sum_of_map(Pairs(("k", a), ("k", b))) == 2
    assert ext.fixed(Pairs((1, 2), (1, 3), (2, 4))) == {1: 3, 2: 4}
    assert ext.fixed({1: 2}) == {1: 2}
    a.set(1)
    b.set(1)


def test_other_containers_of_borrowed_objects():
    a, b = counter(1), counter(2)
    assert ext.sum_of_pairs([(a, 3), (b, 4), (a, 1)]) == 12
    assert ext.sum_of_array([a, b]) == ext.sum_of_array((b, a)) == 3
    assert ext.count_handles({"a": a, "b": None}) == 2


def test_pairs_and_tuples_of_views_are_results():
    assert ext.pair_of_view() == ("text", 1)
    assert ext.tuple_of_views() == ("a", "b", b"a\0")
    assert ext.vector_of_pairs() == [("a", 1), ("b", 2)]
    assert ext.map_of_pairs() == {"k": ("a", 1)}
    assert ext.optional_pair(True) == ("a", 1) and ext.optional_pair(False) is None
    assert ext.set_of_pairs() == {("a", 1)}
    assert ext.result_of_pair() == ("a", 1)
    thing = object()
    before = sys.getrefcount(thing)
    assert ext.pair_of_borrowed(thing) == (thing, 1)
    assert sys.getrefcount(thing) == before
    with pytest.raises(UnicodeDecodeError):
        ext.not_utf8()
