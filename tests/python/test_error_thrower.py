# SPDX-License-Identifier: MIT
"""The throwing half of the two modules of test_error_catcher.py, alone."""
import error_thrower_ext as thrower
import pytest


@pytest.mark.parametrize(
    "which, kind, text",
    [
        ("lazy", ValueError, "lazy, from afar"),
        ("own", thrower.ThrowerError, "own, from afar"),
        ("raised", KeyError, "'raised, from afar'"),
        ("standard", IndexError, "standard, from afar"),
        ("failure", thrower.ThrowerError, "the thrower's: failure, from afar"),
    ],
)
def test_what_is_thrown(which, kind, text):
    with pytest.raises(kind) as caught:
        thrower.throw_it(which)
    assert type(caught.value) is kind and str(caught.value) == text
