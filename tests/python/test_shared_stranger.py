# SPDX-License-Identifier: MIT
"""A module that takes a class of another one for what it is not."""
import sys

import pytest
import shared_home_ext as home
import shared_stranger_ext as stranger


@pytest.mark.parametrize(
    "function, words",
    [
        ("take_point", "'shared_home_ext.Point' is not the class that this module was compiled for: the bytes of a value are [0-9]+ there and 8 here; compile both with the same headers"),
        ("take_fragile", "Fragile' is not the class .*: subclass is said there and is not here"),
        ("take_owned", "Owned' is not the class .*: its holder is .*unique_ptr.* there and .*shared_ptr.* here"),
        ("take_tag", "Outer.Tag' is not the class .*: .*there and .*here"),
        ("take_register", "Register' is not the class .*"),
        ("take_ended", "Ended' is not the class .*: finalize is said there and is not here"),
        ("take_other", "'shared_user_ext.Shift' is not a class that modules share"),
        ("take_plain", "'collections.OrderedDict' is not a class that modules share"),
    ],
)
def test_another_class_is_refused_in_words(function, words):
    given = {"take_point": home.Point, "take_owned": lambda: home.Owned(""), "take_fragile": lambda: home.Fragile("")}
    for _ in range(2):
        with pytest.raises(TypeError, match=words):
            getattr(stranger, function)(given.get(function, object)())


def test_a_class_or_module_that_is_missing():
    with pytest.raises(AttributeError, match="Absent") as caught:
        stranger.take_absent(1)
    if sys.version_info >= (3, 11):
        assert "that module's body calls add_class for it" in caught.value.__notes__[0]
    with pytest.raises(ModuleNotFoundError, match="no_such_module") as caught:
        stranger.take_stray(1)
    if sys.version_info >= (3, 11):
        assert "is from 'no_such_module': that is the whole name by which Python imports" in caught.value.__notes__[0]
