# SPDX-License-Identifier: MIT
"""Pieces of a binding, which several classes share: each class has members of its own from them."""
import copy
import pickle
import sys

import pytest

import class_pieces_ext as ext
from class_pieces_ext import Point, Size, Velocity

ALL = [Point, Size, Velocity]


@pytest.mark.parametrize("cls", ALL)
def test_a_piece_gives_each_class_its_own_members(cls):
    value = cls(3, y=4)
    assert (value.x, value.y, value.norm()) == (3, 4, 25)
    value.x = 0
    assert value.norm() == 16
    assert cls(2).y == 0
    assert cls.norm.__qualname__ == f"{cls.__name__}.norm" and cls.norm.__doc__ == "The square of the length."
    assert cls.x.__doc__ == "To the right."
    for other in set(ALL) - {cls}:
        assert cls.norm is not other.norm
        with pytest.raises(TypeError):
            cls.norm(other(1))


def test_messages_name_the_class_that_the_piece_was_added_to():
    for cls in ALL:
        with pytest.raises(TypeError, match=rf"^{cls.__name__}\(\) argument 'x' must be "):
            cls("x")
        with pytest.raises(TypeError, match=rf"^{cls.__name__}\.norm\(\) takes "):
            cls(1).norm(1)


def test_the_data_of_a_piece_are_those_of_each_use():
    assert [cls.UNIT for cls in ALL] == ["m", "cm", "m/s"]
    assert [getattr(cls, "EXPONENT", None) for cls in ALL] == [None, None, -1]


def test_a_piece_may_be_for_some_classes_only():
    assert (Point.KIND, Size.KIND) == ("where", "how large") and not hasattr(Velocity, "KIND")


@pytest.mark.parametrize("cls", [Point, Velocity])
def test_a_piece_adds_overloads_operators_and_a_pickle(cls):
    value = cls(3, 4)
    assert value * cls(1, 2) == 11
    for result, expected in [
        (value + cls(1, 1), (4, 5)),
        (value * 2, (6, 8)),
        (value.times(2), (6, 8)),
        (value.times(2, 3), (6, 12)),
        (pickle.loads(pickle.dumps(value)), (3, 4)),
        (copy.copy(value), (3, 4)),
    ]:
        assert type(result) is cls and (result.x, result.y) == expected
    with pytest.raises(TypeError):
        value + Size(1, 1)
    assert "__add__" in cls.__dict__ and "__radd__" not in cls.__dict__


def test_what_has_not_the_piece_has_nothing_of_it():
    with pytest.raises(TypeError):
        Size(1) + Size(1)
    with pytest.raises(TypeError):
        pickle.dumps(Size(1))


def test_members_besides_pieces_and_subclasses_have_all():
    class Wind(Velocity):
        pass

    assert Velocity(0).at_rest() and not Wind(1).at_rest()
    assert Wind(3, 4).norm() == 25 and Wind.UNIT == "m/s"
    assert type(copy.copy(Wind(1))) is Wind


def test_a_piece_binds_no_name_twice():
    for _ in range(2):
        with pytest.raises(SystemError, match=r"^Refused\.LIMIT: there is something of that name already"):
            ext.refused()


def test_operators_of_a_piece_keep_count():
    value, other = Point(1, 2), Point(3, 4)
    before = sys.getrefcount(value), sys.getrefcount(other), sys.getrefcount(Point)
    for _ in range(100):
        value + other
        value * 2
        value * other
        value.times(2, 3)
    assert (sys.getrefcount(value), sys.getrefcount(other), sys.getrefcount(Point)) == before
