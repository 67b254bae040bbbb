# SPDX-License-Identifier: MIT
"""A module that is compiled otherwise than the one whose class it uses."""
import pytest
import shared_home_ext as home
import shared_unlike_ext as unlike


def test_a_module_that_is_compiled_otherwise_is_refused_in_words():
    words = r"'shared_home_ext.Point' was compiled with adder [0-9.]+ (un)?checked, CPython .*, this module with adder [0-9.]+ (un)?checked, .*: they cannot share objects"
    with pytest.raises(TypeError, match=words):
        unlike.take_point(home.Point())
