# SPDX-License-Identifier: MIT
"""The module whose classes others use, alone: to itself they are like any other."""
import pytest
import shared_home_ext as home


def test_it_needs_no_other_module():
    assert home.Point(1, 2) == home.Point(1, 2) and home.Outer.Tag(3).number == 3
    node = home.Node("a")
    node.children = [home.Leaf("b")]
    assert home.same_node(node.children[0]) is node.children[0] and home.kind_of(node.children[0]) == "leaf"
    assert home.take_owned(home.make_owned()) == "home" and home.Rectangle(2, 3).describe() == "Rectangle of 6.0"


def test_a_constructor_that_throws():
    with pytest.raises(ValueError, match="broken"):
        home.Fragile("broken")
    assert home.Fragile("whole").content == "whole"


def test_what_tells_others_of_the_class_cannot_be_taken_for_another():
    capsule = home.Point.__adder_class__
    assert "adder.shared_class" in repr(capsule)
    with pytest.raises(TypeError, match="immutable type"):
        home.Point.__adder_class__ = None
